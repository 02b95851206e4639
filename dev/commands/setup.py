"""``python3 dev setup``: get everything ready and start nothing that stays visible."""

from toolbox import browser, postgres
from toolbox.console import step
from toolbox.preparation import prepared_server


def add_arguments(parser) -> None:
    """Take no arguments of its own."""


def main(options) -> int:
    """Set up everything."""
    prepared_server(postgres.FAST)
    browser.ensure()
    step("everything is ready")
    return 0
