from . import mail, mail_render, mail_step
from . import mail_inline
from . import sms
