from . import action
from . import enroll
from . import take_out
from . import tag
from . import score
from . import activity
from . import account_status
from . import assign
