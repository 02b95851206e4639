from . import indexes
from . import contact
from . import latch
