"""The only clock of the addon."""


def now(env):
    """The instant of this transaction: naive UTC, whole seconds.

    Everything that compares or stores a moment asks here, so that a batch has one time and a test can stop it. The
    cursor of a dry run has a time of its own (``dry.py``); the demo sets another one in the context.
    """
    return env.context.get("marketing_now") or env.cr.now().replace(microsecond=0)
