from . import consent
from . import consent_handover
from . import window
from . import holidays
from . import frequency_cap
from . import deliverability
from . import settings
from . import gates
