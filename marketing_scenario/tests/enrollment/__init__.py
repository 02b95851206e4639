from . import test_continuity
from . import test_recalculation
