"""The rooms, each importing only from those above it: see readme/DEVELOP.md."""

from . import target
from . import person
from . import scenario
from . import step
from . import enrollment
from . import rules
from . import engine
from . import gates
from . import channels
from . import trials
from . import steps
from . import entry
from . import automatism
from . import engagement
from . import phoning
from . import scoring
from . import goals
from . import draft
from . import sharing
from . import page
from . import canvas
from . import pane
from . import privacy
from . import explanation
from . import simulation
from . import reports
