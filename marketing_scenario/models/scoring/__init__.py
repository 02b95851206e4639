from . import score
from . import qualification
