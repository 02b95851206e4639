from . import test_blocked
from . import test_pane
from . import test_story
