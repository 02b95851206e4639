from . import test_scenario
from . import test_state
