"""``python3 dev shell``: Odoo's Python shell on the database of ``run``."""

from commands.odoo import call
from toolbox import postgres
from toolbox.demo import require_database
from toolbox.preparation import prepared_server


def add_arguments(parser) -> None:
    """Name the database."""
    parser.add_argument("--no-demo", action="store_true", help="the database of 'run --no-demo'")


def main(options) -> int:
    """Open the shell."""
    server = prepared_server(postgres.RUN)
    return call(server, ["shell", "-d", require_database(server, options.no_demo), "--no-http"])
