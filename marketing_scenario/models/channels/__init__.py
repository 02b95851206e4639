from . import mail, mail_inline, mail_render, mail_step, sms
