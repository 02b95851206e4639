from . import test_scenario
from . import test_state
from . import test_figures
