"""``python3 dev stop``: stop the database servers that the tool started."""

from toolbox import postgres, python_env
from toolbox.console import say


def add_arguments(parser) -> None:
    """Take no arguments of its own."""


def main(options) -> int:
    """Stop every cluster of ours; the user's own server is left alone."""
    if not python_env.MARKER.exists():
        return 0
    for cluster in postgres.our_clusters():
        if cluster.answers():
            cluster.stop()
            say(f"stopped the PostgreSQL cluster '{cluster.name}'")
    return 0
