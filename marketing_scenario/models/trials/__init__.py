from . import variant
from . import speaking
from . import judging
from . import control
