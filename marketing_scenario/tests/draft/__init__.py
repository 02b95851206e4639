from . import test_draft
from . import test_people
from . import test_version
from . import test_draft_race
