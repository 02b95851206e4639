"""``python3 dev docs``: prepare everything, then run the script of that name."""

from toolbox.scripts import hand_over

TAKES_THE_REST = True
HELP_IS_ELSEWHERE = True


def add_arguments(parser) -> None:
    """Hand everything on."""


def main(options) -> int:
    """Run the script."""
    return hand_over("docs", options.rest)
