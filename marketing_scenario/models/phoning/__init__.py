from . import campaign
from . import call
