"""A number and a time zone for which it is midday now: an SMS of advertising may reach them at any hour (S32).

A number of Newfoundland and Labrador, whose places have two times, does not tell its own; so the zone of its owner
counts. And Canada leaves hours open on each day of the week (``tools/legal_hours.py``).
"""

from datetime import datetime, timezone

MIDDAY = 12  # some hours are left for what is queued now


def mobile(number: int) -> str:
    """Return the mobile number of this serial number, below 100,000."""
    return f"+170923{number:05}"


def zone(moment: datetime | None = None) -> str:
    """Return the name of a time zone in which it is the hour of midday.

    :param moment: aware; None: now
    """
    ahead = MIDDAY - (moment or datetime.now(timezone.utc)).astimezone(timezone.utc).hour
    return f"Etc/GMT{-ahead:+d}"  # these names count westwards


def reachable(number: int) -> dict[str, str]:
    """Return the fields of a contact who may be sent an SMS now."""
    return {"phone": mobile(number), "tz": zone()}
