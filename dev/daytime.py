"""Mobile numbers of a place where it is working time now: an SMS of advertising may reach them at any hour (S32)."""

from datetime import datetime
from zoneinfo import ZoneInfo

# around the globe; none of them closes public holidays (``tools/legal_hours.py``)
PLACES = (
    ("+447911{:06}", "Europe/London"),
    ("+5511987{:06}", "America/Sao_Paulo"),
    ("+180855{:05}", "Pacific/Honolulu"),
    ("+819012{:06}", "Asia/Tokyo"),
    ("+919812{:06}", "Asia/Kolkata"),
)
FIRST_HOUR, LAST_HOUR = 10, 16  # open in all of them; what is queued has some hours left
SUNDAY = 6


def mobile(number: int) -> str:
    """Return the mobile number of this serial number, below 100,000.

    Early and late on a Sunday it is working time nowhere; then it is one of London.
    """
    for pattern, zone in PLACES:
        there = datetime.now(ZoneInfo(zone))
        if there.weekday() != SUNDAY and FIRST_HOUR <= there.hour <= LAST_HOUR:
            return pattern.format(number)
    return PLACES[0][0].format(number)
