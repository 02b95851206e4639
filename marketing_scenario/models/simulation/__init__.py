from . import attachment
from . import sequence
from . import seal
from . import mailing
from . import counting
from . import really
from . import simulation
from . import forecast
