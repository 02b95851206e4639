from . import reactivate
from . import mail_preview
