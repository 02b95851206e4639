from . import indexes
from . import contact
