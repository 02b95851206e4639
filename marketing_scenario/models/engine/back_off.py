"""When to try again what failed (S44): after 1 minute, 10 minutes, 1 hour, 6 hours, 1 day; then it is given up."""

from datetime import timedelta

DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 360, 1440))


def next_try(failures, now):
    """The moment of the next try after so many failures (1 for the first), or None when it is given up."""
    return now + DELAYS[failures - 1] if failures <= len(DELAYS) else None
