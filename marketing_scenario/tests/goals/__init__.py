from . import test_goal
from . import test_goal_draft
