from . import test_presence
from . import test_handover
from . import test_race
