from . import test_variants
