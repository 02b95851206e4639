from . import test_report_figures
from . import test_attribution
from . import test_dashboard
from . import test_counters
from . import test_report_tours
from . import test_control_report
