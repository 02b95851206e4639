from . import res_partner
from . import crm_lead
from . import mail_activity
from . import mailing_trace
