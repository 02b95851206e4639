from . import goal
from . import conversion
from . import watch
from . import people
from . import trials
