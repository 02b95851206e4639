from . import pane
