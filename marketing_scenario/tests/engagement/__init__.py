from . import test_engagement_files
from . import test_engagement_http
from . import test_engagement_journey
from . import test_engagement_json
from . import test_engagement_optin
from . import test_engagement_race
from . import test_engagement_spam
from . import test_engagement_targets
