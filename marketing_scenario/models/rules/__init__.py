from . import tag
from . import contact_type
from . import domain
from . import score
from . import form_filled
from . import previous_mail
from . import email_status
from . import link_clicked
