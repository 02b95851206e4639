"""The only clock of the addon."""

from odoo.tools import format_datetime


def now(env):
    """The instant of this transaction: naive UTC, whole seconds.

    Everything that compares or stores a moment asks here, so that a batch has one time and a test can stop it. The
    cursor of a dry run has a time of its own (``dry.py``); the demo sets another one in the context.
    """
    return env.context.get("marketing_now") or env.cr.now().replace(microsecond=0)


def in_words(env, moment, zone):
    """A moment as a person would write it, in their language: “December 1 at 1:31 AM”, « 1er décembre à 1 h 31 ».

    :param moment: naive UTC
    :param zone: name of the time zone in which it is read
    """
    day = int(format_datetime(env, moment, tz=zone, dt_format="d"))
    soon = format_datetime(env, moment, tz=zone, dt_format="y") == format_datetime(
        env, now(env), tz=zone, dt_format="y"
    )
    # patterns of the Unicode standard, for the translators: the first of a month, and the year when it is another one
    if day == 1:
        pattern = env._("MMMM '1' 'at' h:mm a") if soon else env._("MMMM '1', y 'at' h:mm a")
    else:
        pattern = env._("MMMM d 'at' h:mm a") if soon else env._("MMMM d, y 'at' h:mm a")
    return format_datetime(env, moment, tz=zone, dt_format=pattern)
