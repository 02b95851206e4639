from . import test_qualification
