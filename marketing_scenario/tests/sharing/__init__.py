from . import test_sharing
from . import test_gallery
