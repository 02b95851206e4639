from . import test_goal
from . import test_goal_draft
from . import test_goal_trials
