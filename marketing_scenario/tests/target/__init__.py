from . import test_account_status
