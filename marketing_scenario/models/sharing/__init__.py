from . import shareable
from . import pack
from . import unpack
from . import door
from . import sharing
from . import gallery
