from . import form
from . import lead
from . import partner
from . import activity
from . import score
from . import message
from . import date
from . import call
