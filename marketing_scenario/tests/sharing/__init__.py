from . import test_sharing
from . import test_gallery
from . import test_hostile_files
