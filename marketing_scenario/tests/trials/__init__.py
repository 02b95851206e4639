from . import test_variants
from . import test_control
