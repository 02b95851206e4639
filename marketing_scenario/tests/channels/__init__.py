from . import test_channel_mail
from . import test_mail_retry
from . import test_mail_withdrawal
from . import test_sms_provider
