from . import step
from . import mail
from . import link
