from . import consent
from . import window
from . import holidays
from . import frequency_cap
from . import deliverability
from . import settings
from . import gates
