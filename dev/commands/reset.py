"""``python3 dev reset``: begin again with empty databases, or with nothing at all."""

import os
import shutil

from commands import stop
from toolbox import database, demo, paths, postgres
from toolbox.console import say
from toolbox.locks import exclusive
from toolbox.preparation import prepared_server

# What may be dropped on the user's own server; in a cluster of ours everything may.
OURS = (demo.DATABASE, "template_", "building_", "test_")


def add_arguments(parser) -> None:
    """Say how much goes."""
    parser.add_argument("--all", action="store_true", help="also remove Odoo, the Python environment and the clusters")


def main(options) -> int:
    """Drop the databases or remove everything."""
    if options.all and not os.environ.get("DEV_DB"):
        return remove_everything()
    for kind in (postgres.RUN, postgres.FAST, postgres.DURABLE):
        server = prepared_server(kind)
        for name in database.names(server):
            if name.startswith(OURS) or (isinstance(server, postgres.Cluster) and name != "postgres"):
                database.drop(server, name)
                say(f"dropped {name}")
    shutil.rmtree(paths.STATE, ignore_errors=True)
    return remove_everything() if options.all else 0


def remove_everything() -> int:
    """Stop our clusters and remove all that was set up."""
    with exclusive("setup"):
        stop.main(None)
        for folder in (paths.outside(), paths.WORK):
            shutil.rmtree(folder, ignore_errors=True)
    say(f"removed {paths.WORK}")
    return 0
