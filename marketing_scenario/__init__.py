from . import controllers
from . import demo
from . import models
from . import wizards
from .models.reports.sql import watch_no_more


def uninstall_hook(env):
    """The triggers would write to tables that are gone."""
    watch_no_more(env.cr)
