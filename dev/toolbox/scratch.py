"""A database for the length of one command."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from toolbox import database, odoo, templates
from toolbox.console import say
from toolbox.postgres import Server

PREFIX = "test_"


@contextlib.contextmanager
def lent(server: Server, install: bool, keep: bool) -> Iterator[str]:
    """Lend a copy of the template with or without the addon; it is dropped at the end unless it is to be kept."""
    drop_leftovers(server)
    name = f"{PREFIX}{os.getpid()}"
    templates.copy(server, name, install)
    if keep:
        # Said before, so that the totals stay the last line.
        say(f"kept until the next run: python3 dev odoo shell -c {odoo.config_for(server)} -d {name}")
    try:
        yield name
    finally:
        if not keep:
            drop_all(server, name)


def share(server: Server, name: str, count: int) -> None:
    """Copy a lent database for each worker of pytest-xdist, by whose name it is known; they are dropped with it."""
    for number in range(count):
        database.clone(server, name, f"{name}_gw{number}")


def drop_all(server: Server, lent_name: str) -> None:
    """Drop a lent database, and its copies."""
    for name in database.names(server):
        if name == lent_name or name.startswith(f"{lent_name}_"):
            database.drop(server, name)


def drop_leftovers(server: Server) -> None:
    """Drop the databases of commands that were killed."""
    for name in database.names(server):
        number = name.removeprefix(PREFIX).partition("_")[0]
        if name.startswith(PREFIX) and number.isdigit() and not Path(f"/proc/{number}").exists():
            database.drop(server, name)
