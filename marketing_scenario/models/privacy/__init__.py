from . import erasure
from . import report
