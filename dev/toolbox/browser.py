"""Chromium, which Odoo's browser tests and the end-to-end walk drive."""

import os
import shutil

from toolbox import machine
from toolbox.console import DevError, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def path() -> str | None:
    """Return the browser's program, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure() -> bool:
    """Tell whether there is a browser, after trying to install one."""
    if path():
        return True
    if machine.can_install():
        try:
            # Without any font pages would be laid out with empty boxes.
            machine.install_packages("chromium", "fonts-liberation")
        except DevError as error:
            error.tell()
    if not path():
        say("No Chromium on this machine: browser tests are skipped. As root: apt-get install chromium")
    return path() is not None


def may_be_missing() -> bool:
    """Tell whether tests may be skipped for want of a browser: on a person's machine, never in CI."""
    return path() is None and os.environ.get("CI") != "true"
