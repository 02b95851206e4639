from . import test_back_test
from . import test_dry_locks
from . import test_dry_world
from . import test_forecast
from . import test_known_behaviour
from . import test_simulation
from . import test_simulation_tours
from . import test_first_day
