from . import pane
from . import story
from . import blocked
