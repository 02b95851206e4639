from . import test_continuity
from . import test_many_at_once
from . import test_screen_plans
from . import test_recalculation
