from . import test_erasure
from . import test_nothing_left
from . import test_report
