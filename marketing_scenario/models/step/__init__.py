from . import rule_holder
from . import step
from . import tree
from . import edit
from . import replace
from . import buttons
