"""``python3 dev odoo ARGS``: any Odoo command line, with the database server of ``run``."""

import subprocess

from toolbox import odoo, postgres
from toolbox.preparation import prepared_server

TAKES_THE_REST = True
HELP_IS_ELSEWHERE = True


def add_arguments(parser) -> None:
    """Take whatever Odoo takes."""


def main(options) -> int:
    """Run Odoo in the foreground."""
    server = prepared_server(postgres.RUN)
    return call(server, options.rest)


def call(server: postgres.Server, arguments: list[str]) -> int:
    """Run Odoo with the server's configuration; a subcommand such as ``shell`` comes before its options."""
    subcommand = arguments[:1] if arguments and not arguments[0].startswith("-") else []
    rest = arguments[len(subcommand) :]
    line = odoo.command(*subcommand, "-c", odoo.config_for(server), *rest)
    return subprocess.run(line, env=odoo.environment()).returncode
