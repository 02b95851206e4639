"""Where in the program an error happened, as text for the manager (S44)."""

import traceback

KEPT = 8000  # characters: the end tells most


def stack_of(error):
    """The stack trace of ``error`` and of what caused it; no values of variables, so no more of a person than its
    message holds."""
    return "".join(traceback.format_exception(error))[-KEPT:]
