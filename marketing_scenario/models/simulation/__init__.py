from . import attachment
from . import sequence
from . import seal
from . import mailing
from . import counting
from . import simulation
from . import forecast
from . import first_day
