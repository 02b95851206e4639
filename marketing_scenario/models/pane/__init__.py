from . import pane
from . import story
