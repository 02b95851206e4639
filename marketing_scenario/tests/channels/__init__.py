from . import test_addresses
from . import test_channel_mail
from . import test_expiry
from . import test_last_gate
from . import test_mail_retry
from . import test_merge_fields
from . import test_sms_provider
from . import test_text_check
