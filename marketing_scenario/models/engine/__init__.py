from . import engine
from . import lanes
from . import queue_job
from . import error_notice
from . import retention
from . import health
from . import settings
