from . import queue
from . import step
