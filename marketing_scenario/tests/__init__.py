# Odoo's runner looks for test modules here.
from .target import *
from .scenario import *
from .step import *
from .rules import *
from .enrollment import *
from .engine import *
from .gates import *
from .channels import *
from .steps import *
from .entry import *
from .automatism import *
from .engagement import *
from .scoring import *
from .pane import *
from .privacy import *
from .tools import *
from .addon import *
