from . import step
from . import file
from . import mail
from . import link
