"""``python3 dev rights``: write who may do what into ``readme/DEVELOP.md``, from the table that the tests keep true."""

import runpy

from toolbox import paths
from toolbox.console import say


def add_arguments(parser) -> None:
    """No arguments."""


def main(options) -> int:
    """Bring the section of the document up to date."""
    table = runpy.run_path(str(paths.ADDON / "tests" / "addon" / "rights_table.py"))
    document = paths.ADDON / "readme" / "DEVELOP.md"
    document.write_text(table["in_document"](document.read_text()))
    say(f"the rights stand in {document}")
    return 0
