from . import note
from . import zip_code
from . import meeting
from . import follow
