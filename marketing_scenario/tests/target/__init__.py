from . import test_account_status
from . import test_filters
from . import test_company_zone
from . import test_company_and_language
from . import test_mailing_lists
