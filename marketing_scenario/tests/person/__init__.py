from . import test_presence
from . import test_handover
