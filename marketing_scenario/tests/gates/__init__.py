from . import test_cap_race
from . import test_consent
from . import test_deliverability
from . import test_frequency_cap
from . import test_action_hours
from . import test_best_hour
