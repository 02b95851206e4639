from . import test_continuity
from . import test_screen_plans
