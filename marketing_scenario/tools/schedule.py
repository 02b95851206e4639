"""When things may happen: pauses, fixed moments and sending windows, in a target's time zone.

Pure functions: moments in and out are naive UTC datetimes, time zones are names of the tz database. No Odoo import.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.relativedelta import relativedelta

UTC = ZoneInfo("UTC")
FIRST_MINUTE = time(0, 1)  # R42, R48: "00:01 of that day"
FIRST_YEAR, LAST_YEAR = 1000, 9000  # dates beyond are read as these
LONGEST_DAYS = 36_525  # a hundred years: what is typed beyond means "for ever", and a calendar can still reckon with it
UNIT_DAYS = {"hours": 1 / 24, "days": 1, "weeks": 7, "months": 30}
SEARCH_DAYS = 400  # a window that does not open within a year never opens


@dataclass(frozen=True)
class Window:
    """Opening hours: decimal hours of the day, weekdays (Monday = 0), days off."""

    hour_from: float = 0.0
    hour_to: float = 24.0
    weekdays: frozenset = frozenset(range(7))
    holidays: frozenset = frozenset()  # of datetime.date
    special: tuple = ()  # weekdays with other hours: (weekday, from, to)
    zone: str | None = None  # where its hours hold, when that is not where the asker is

    def opens_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays

    def hours_on(self, day: date) -> tuple:
        """``(from, to)`` in decimal hours."""
        for weekday, hour_from, hour_to in self.special:
            if weekday == day.weekday():
                return hour_from, hour_to
        return self.hour_from, self.hour_to


class NeverOpens(ValueError):
    """The window has no opening within the next ``SEARCH_DAYS`` days."""


def zone_of(name):
    """The ZoneInfo of a name; UTC when the name is empty or unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def to_local(moment, zone):
    """Naive UTC → naive wall-clock time in ``zone``."""
    return moment.replace(tzinfo=UTC).astimezone(zone_of(zone)).replace(tzinfo=None)


def to_utc(local, zone):
    """Naive wall-clock time in ``zone`` → naive UTC.

    An hour that occurs twice means its first occurrence; one that is skipped means the moment the clock jumps by:
    02:30 becomes 03:30.
    """
    return local.replace(tzinfo=zone_of(zone)).astimezone(UTC).replace(tzinfo=None)


def clock(hours):
    """Decimal hours → ``(days, time)``; 24.0 is midnight of the next day."""
    minutes = round(hours * 60)
    days, minutes = divmod(minutes, 24 * 60)
    return days, time(minutes // 60, minutes % 60)


def span(days=0, hours=0.0):
    """So many days and hours, a hundred years at most."""
    return timedelta(days=limited(days, "days"), hours=limited(hours, "hours"))


def limited(amount, unit):
    """``amount`` hours, days, weeks or months, a hundred years at most in either direction."""
    most = int(LONGEST_DAYS / UNIT_DAYS[unit])
    return min(max(amount or 0, -most), most)


def after(moment, zone, days=0, hours=0.0):
    """End of a pause begun at ``moment`` (S23): the n-th day at the same clock time, then the hours on top."""
    if days:
        moment = to_utc(to_local(moment, zone) + span(days), zone)
    return moment + span(hours=hours)


def at_first_minute(moment, zone):
    """00:01 on the local day of ``moment``."""
    return to_utc(datetime.combine(to_local(moment, zone).date(), FIRST_MINUTE), zone)


def at(day, hours):
    """Wall-clock time on ``day`` at decimal hours; None: 00:01."""
    if hours is None:
        return datetime.combine(day, FIRST_MINUTE)
    return _at(day, hours)


def fixed(day, hours, zone):
    """A fixed date with optional decimal hours (None: 00:01) in ``zone``."""
    return to_utc(at(day, hours), zone)


def moved(local, zone, amount, unit):
    """``amount`` hours, days, weeks or months from a wall-clock time in ``zone``, as naive UTC.

    All but hours keep the clock time; months end where the month ends. Years that a calendar cannot go on from
    (9999 is typed for "without end") count as far as one can reckon.
    """
    local += relativedelta(year=min(max(local.year, FIRST_YEAR), LAST_YEAR))
    amount = limited(amount, unit)
    if unit == "hours":
        return to_utc(local, zone) + timedelta(hours=amount)
    return to_utc(local + relativedelta(**{unit: amount}), zone)


def next_anniversary(local, zone, amount, unit, since):
    """As ``moved``, for the first year in which the moment lies at ``since`` (naive UTC) or later.

    Never before the year of ``local`` itself; 29 February is the 28th in other years.
    """
    moved_days = (moved(local, zone, amount, unit) - moved(local, zone, 0, unit)).days
    year = max(local.year, since.year - int(moved_days / 365) - 2)
    while (moment := moved(local + relativedelta(year=min(year, LAST_YEAR)), zone, amount, unit)) < since:
        year += 1
    return moment


def next_opening(moment, zone, window):
    """First moment from ``moment`` on at which ``window`` is open (S31).

    Inside the window: ``moment`` itself. On a closed day the wanted hour is kept when it lies in the window of the
    next open day; otherwise it is the opening of the window.

    :raise NeverOpens: no open day within a year
    """
    local = to_local(moment, zone)
    wanted = local.time()
    for offset in range(SEARCH_DAYS):
        day = local.date() + timedelta(days=offset)
        if not window.opens_on(day):
            continue
        opens, closes = (_at(day, hours) for hours in window.hours_on(day))
        if offset == 0:
            if local < opens:
                return to_utc(opens, zone)
            if local < closes:
                return moment
            wanted = None  # today's window was missed: the next day begins with its opening
            continue
        kept = datetime.combine(day, wanted) if wanted else opens
        return to_utc(kept if opens <= kept < closes else opens, zone)
    raise NeverOpens(f"no opening within {SEARCH_DAYS} days")


def at_hour(moment, zone, hour):
    """The first moment from ``moment`` on whose wall clock shows this hour (0 to 23); ``moment`` itself when it does.

    On a day whose clock skips the hour, the moment after the jump.
    """
    local = to_local(moment, zone)
    if local.hour == hour:
        return moment
    return to_utc(datetime.combine(local.date() + timedelta(days=local.hour > hour), time(hour)), zone)


def _at(day, hours):
    extra, clock_time = clock(hours)
    return datetime.combine(day + timedelta(days=extra), clock_time)


def next_joint_opening(moment, zone, windows):
    """First moment from ``moment`` on at which all ``windows`` are open (S32: a floor no other window overrides).

    :raise NeverOpens: they are never open together
    """
    for _round in range(SEARCH_DAYS):
        opening = moment
        for window in windows:
            opening = next_opening(opening, window.zone or zone, window)
        if opening == moment:
            return opening
        moment = opening
    raise NeverOpens("the windows are never open together")
