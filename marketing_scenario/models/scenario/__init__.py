from . import scenario
from . import state
from . import check
from . import owner
from . import buttons
