"""``python3 dev psql``: psql on the database of ``run``."""

import subprocess

from toolbox import postgres
from toolbox.demo import require_database
from toolbox.postgres_programs import program
from toolbox.preparation import prepared_server

TAKES_THE_REST = True


def add_arguments(parser) -> None:
    """Name the database and leave the rest to psql."""
    parser.add_argument("--no-demo", action="store_true", help="the database of 'run --no-demo'")


def main(options) -> int:
    """Open psql."""
    server = prepared_server(postgres.RUN)
    name = require_database(server, options.no_demo)
    # "--" only separates psql's options from ours: psql would take what follows it for names
    rest = options.rest[1:] if options.rest[:1] == ["--"] else options.rest
    return subprocess.run([program("psql"), "-d", name, *rest], env=server.environment()).returncode
