from . import test_pane
