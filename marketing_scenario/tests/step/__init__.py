from . import test_live_tree
from . import test_replace
from . import test_step_wizards
from . import test_views_steps
