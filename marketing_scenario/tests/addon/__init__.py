from . import test_architecture
from . import test_tours
from . import test_translations
from . import test_insiders
from . import test_rights
from . import test_indexes
from . import test_foreign
from . import test_outsiders
