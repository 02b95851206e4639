"""``python3 dev setup``: get everything ready and start nothing that stays visible."""

from toolbox import postgres
from toolbox.console import step
from toolbox.preparation import prepared_server, system_programs


def add_arguments(parser) -> None:
    """Take no arguments of its own."""


def main(options) -> int:
    """Set up everything."""
    prepared_server(postgres.FAST)
    system_programs()
    step("everything is ready")
    return 0
