from . import enrollment
from . import people
from . import actions
from . import timeline
from . import trace
from . import trace_label
from . import continuity
