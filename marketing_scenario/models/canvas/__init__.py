from . import undo
from . import figures
from . import doors
from . import picture
from . import edit
from . import copying
from . import check
