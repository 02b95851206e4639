from . import test_engine
from . import test_engine_faults
from . import test_engine_model
from . import test_operations
from . import test_queue_job
from . import test_waiting
from . import test_unsent
from . import test_locks
