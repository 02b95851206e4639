"""Codes shared by all that reads or writes enrollments and traces."""

#: A run that is not over: it stands on a step and may go on.
LIVE_STATES = ("running", "paused", "error")

#: Held out for comparison: never on a step, over from the first moment on, no entry for the rules of entering again.
CONTROL = "control"

DOORS = [
    ("hand", "By hand"),
    ("list", "From a list"),
    ("import", "Import of a file"),
    ("form", "Form"),
    ("automatism", "Automation"),
    ("query", "Query"),
    ("server_action", "Server action"),
    ("api", "API"),
    ("webhook", "Webhook"),
    ("scenario", "Other scenario"),
    ("simulation", "Simulation"),
]

#: Events that close the passing of a step which has no way out: a go-to, an End.
CLOSING_EVENTS = ("goto", "end")

#: As ``is_passed``, a condition on traces, of an index and of who leans on it.
PASSED = "event IS NULL AND outcome IS NOT NULL OR event = 'goto' OR event = 'end'"
#: Likewise: who entered, which at Start is passing it. Who comes late may enter further on, and has passed nothing.
ENTERED = "event = 'entered'"


def is_passed(event, outcome):
    """Whether a trace means that its step did its work and was left: the one definition for counts and reports.

    A step skipped has an outcome too, the way taken instead, but also an event that says so.
    """
    return event in CLOSING_EVENTS or bool(outcome and not event)
