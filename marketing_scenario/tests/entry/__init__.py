from . import test_enroll_webhook
from . import test_entry
from . import test_query
from . import test_rpc
from . import test_put_back
from . import test_token_race
