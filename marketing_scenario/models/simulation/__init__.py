from . import attachment
from . import sequence
from . import seal
from . import simulation
