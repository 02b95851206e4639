from . import test_continuity
