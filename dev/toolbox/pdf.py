"""wkhtmltopdf, with which Odoo makes PDF documents."""

import shutil

from toolbox import machine
from toolbox.console import DevError, say


def ensure() -> bool:
    """Tell whether PDFs can be made, after trying to install the program."""
    if shutil.which("wkhtmltopdf"):
        return True
    if machine.can_install():
        try:
            # Without any font pages would be laid out with empty boxes.
            machine.install_packages("wkhtmltopdf", "fonts-liberation")
        except DevError as error:
            error.tell()
    if not shutil.which("wkhtmltopdf"):
        say("No wkhtmltopdf on this machine: no PDF document is made. As root: apt-get install wkhtmltopdf")
    return shutil.which("wkhtmltopdf") is not None
