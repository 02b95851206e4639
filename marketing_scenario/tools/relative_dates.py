"""Dates as words in filters (``today -3d``, ``now -2H``, ``=monday``), counted from a given instant. No Odoo import.

Odoo reads these words itself, but counts from the clock of the machine: a dry run is at another time.
"""

import re
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years", "H": "hours", "M": "minutes", "S": "seconds"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TERM = re.compile(rf"(?!=\d+w)([-+=])(?:(\d+)([{''.join(UNITS)}])|({'|'.join(DAYS)}|week_start))")
MIDNIGHT = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}
BELOW = {"H": ("minute", "second", "microsecond"), "M": ("second", "microsecond"), "S": ("microsecond",)}


def is_relative(text):
    """Whether ``text`` is a date in words."""
    words = text.split()
    offsets = words[1:] if words[:1] in (["today"], ["now"]) else words
    return bool(words) and all(map(TERM.fullmatch, offsets))


def moment(text, now, week_start):
    """What ``text`` means at ``now``.

    :param text: ``is_relative``
    :param now: aware wall-clock time of the person who wrote it
    :param week_start: 0 for Monday to 6
    :return: a date when it counts from ``today``, else an aware datetime
    :raise ValueError, OverflowError: a date that does not exist, such as ``=40d``
    """
    words = text.split()
    value = now
    if words[0] in ("today", "now"):
        value = now.date() if words.pop(0) == "today" else now
    for word in words:
        sign, number, unit, day = TERM.fullmatch(word).groups()
        if day:
            value = _weekday(value, sign, week_start if day == "week_start" else DAYS.index(day), week_start)
        elif sign == "=":
            value = _set(value, unit, int(number))
        else:
            value += relativedelta(**{UNITS[unit]: int(f"{sign}{number}")})
    return value


def _weekday(value, sign, weekday, week_start):
    """The day of this week; with ``+`` the next one, with ``-`` the last one, today included."""
    days = (weekday - week_start) % 7 - (value.weekday() - week_start) % 7
    if sign == "+" and days < 0:
        days += 7
    elif sign == "-" and days > 0:
        days -= 7
    elif sign == "=" and isinstance(value, datetime):
        value = value.replace(**MIDNIGHT)
    return value + timedelta(days)


def _set(value, unit, number):
    """A part of the date, and what is below it to its beginning."""
    if isinstance(value, datetime):
        value = value.replace(**dict.fromkeys(BELOW.get(unit, MIDNIGHT), 0))
    return value + relativedelta(**{UNITS[unit].removesuffix("s"): number})
