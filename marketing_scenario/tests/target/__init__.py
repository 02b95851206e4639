from . import test_account_status
from . import test_filters
