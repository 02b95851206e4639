from . import engagement
from . import sender
from . import unsubscribe
from . import sms
from . import enroll_webhook
from . import document
from . import person
from . import scenario_file
