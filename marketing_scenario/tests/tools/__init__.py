from . import test_graph
from . import test_legal_hours
from . import test_mail_links
from . import test_placeholders
from . import test_safe_http
from . import test_schedule
from . import test_seal
from . import test_sms_parts
