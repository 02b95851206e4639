from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ...tools import legal_hours, public_holidays, schedule
from ...tools.schedule import Window

PARIS, AUCKLAND, NEW_YORK = "Europe/Paris", "Pacific/Auckland", "America/New_York"
OFFICE = Window(9.0, 18.0, frozenset(range(5)))
LUNCH = Window(12.0, 14.0)
ALL_DAY = Window(0.0, 24.0)
NIGHT_END = Window(20.0, 24.0)
NIGHT_BEGIN = Window(0.0, 6.0)
MORNING_GAP = Window(2.5, 4.0)
CHRISTMAS = Window(
    9.0, 18.0, frozenset(range(5)), frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 1)})
)
LEAP_SUNDAY_ONLY = Window(9.0, 18.0, frozenset({6}))


def utc(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute)


PAUSES = [  # name, begin, zone, days, hours, end
    ("a day keeps the clock time", utc(3, 2, 10), PARIS, 1, 0, utc(3, 3, 10)),
    ("half an hour", utc(3, 2, 10), PARIS, 0, 0.5, utc(3, 2, 10, 30)),
    ("days and hours are added", utc(3, 2, 10), PARIS, 2, 1.5, utc(3, 4, 11, 30)),
    ("a day over the spring change is 23 hours", utc(3, 28, 9), PARIS, 1, 0, utc(3, 29, 8)),
    ("a day over the autumn change is 25 hours", utc(10, 24, 8), PARIS, 1, 0, utc(10, 25, 9)),
    ("24 hours over the spring change are 24 hours", utc(3, 28, 9), PARIS, 0, 24, utc(3, 29, 9)),
    ("a day ending in the skipped hour ends after it", utc(3, 28, 1, 30), PARIS, 1, 0, utc(3, 29, 1, 30)),
    ("a day ending in the doubled hour ends in its first", utc(10, 24, 0, 30), PARIS, 1, 0, utc(10, 25, 0, 30)),
    ("the other hemisphere changes the other way", utc(4, 3, 20), AUCKLAND, 2, 0, utc(4, 5, 21)),
    ("a day to 29 February", utc(2, 28, 10, year=2028), PARIS, 1, 0, utc(2, 29, 10, year=2028)),
    ("a day from 28 February of a common year", utc(2, 28, 10), PARIS, 1, 0, utc(3, 1, 10)),
    ("over new year", utc(12, 31, 23), PARIS, 1, 0, utc(1, 1, 23, year=2027)),
    ("no zone counts in UTC", utc(3, 28, 9), None, 1, 0, utc(3, 29, 9)),
    ("an unknown zone counts in UTC", utc(3, 28, 9), "Mars/Olympus", 1, 0, utc(3, 29, 9)),
]

OPENINGS = [  # name, moment, zone, window, opening
    ("inside: at once", utc(3, 2, 10), PARIS, OFFICE, utc(3, 2, 10)),
    ("before the opening: at the opening", utc(3, 2, 6), PARIS, OFFICE, utc(3, 2, 8)),
    ("at the very opening", utc(3, 2, 8), PARIS, OFFICE, utc(3, 2, 8)),
    ("at the very closing: the next day", utc(3, 2, 17), PARIS, OFFICE, utc(3, 3, 8)),
    ("after the closing on Friday: Monday's opening", utc(3, 6, 18), PARIS, OFFICE, utc(3, 9, 8)),
    ("wanted hour kept over the weekend", utc(3, 7, 13), PARIS, OFFICE, utc(3, 9, 13)),
    ("wanted hour outside: the opening", utc(3, 7, 22), PARIS, OFFICE, utc(3, 9, 8)),
    ("wanted hour kept over the spring change", utc(3, 28, 13), PARIS, OFFICE, utc(3, 30, 12)),
    ("opening on the day of the spring change", utc(3, 29, 0), PARIS, ALL_DAY, utc(3, 29, 0)),
    ("window in the skipped hour opens after it", utc(3, 29, 0), PARIS, MORNING_GAP, utc(3, 29, 1, 30)),
    ("window in the doubled hour opens in its first", utc(10, 25, 0), PARIS, MORNING_GAP, utc(10, 25, 0, 30)),
    ("always open", utc(3, 1, 3), PARIS, ALL_DAY, utc(3, 1, 3)),
    ("until midnight: 23:59 is inside", utc(3, 2, 22, 59), PARIS, NIGHT_END, utc(3, 2, 22, 59)),
    ("until midnight: midnight is outside", utc(3, 2, 23), PARIS, NIGHT_END, utc(3, 3, 19)),
    ("from midnight: midnight is inside", utc(3, 2, 23), PARIS, NIGHT_BEGIN, utc(3, 2, 23)),
    ("from midnight: closed at six", utc(3, 3, 5), PARIS, NIGHT_BEGIN, utc(3, 3, 23)),
    ("a run of holidays and a weekend", utc(12, 23, 18), PARIS, CHRISTMAS, utc(12, 28, 8)),
    ("a holiday in the next year", utc(12, 31, 20), PARIS, CHRISTMAS, utc(1, 4, 8, year=2027)),
    (
        "a Sunday window reaches over 29 February",
        utc(2, 28, 10, year=2028),
        PARIS,
        LEAP_SUNDAY_ONLY,
        utc(3, 5, 10, year=2028),
    ),
    ("the weekday is the local one", utc(3, 8, 20), AUCKLAND, OFFICE, utc(3, 8, 20)),
    ("another zone, same moment, other answer", utc(3, 2, 10), NEW_YORK, OFFICE, utc(3, 2, 14)),
    ("a lead without a country or zone is judged in UTC", utc(3, 2, 8, 30), None, OFFICE, utc(3, 2, 9)),
]

LEGAL = [  # name, country, moment, zone, other windows, opening
    ("in hours", "FR", utc(3, 2, 10), PARIS, [], utc(3, 2, 10)),
    ("too early", "FR", utc(3, 2, 6, 59), PARIS, [], utc(3, 2, 7)),
    ("20:00 is too late", "FR", utc(3, 2, 19), PARIS, [], utc(3, 3, 7)),
    ("Saturday is fine", "FR", utc(3, 7, 10), PARIS, [], utc(3, 7, 10)),
    ("never on Sunday", "FR", utc(3, 8, 10), PARIS, [], utc(3, 9, 10)),
    ("not on Easter Monday", "FR", utc(4, 6, 10), PARIS, [], utc(4, 7, 10)),
    ("Ascension", "FR", utc(5, 14, 10), PARIS, [], utc(5, 15, 10)),
    ("1 and 8 May", "FR", utc(5, 1, 10), PARIS, [], utc(5, 2, 10)),
    ("Christmas, a Friday", "FR", utc(12, 25, 10), PARIS, [], utc(12, 26, 10)),
    ("from New Year's Eve into the next year", "FR", utc(12, 31, 22), PARIS, [], utc(1, 2, 7, year=2027)),
    ("overseas: the same law in the local zone", "RE", utc(3, 2, 15, 30), "Indian/Reunion", [], utc(3, 2, 15, 30)),
    ("overseas in the evening", "RE", utc(3, 2, 16, 30), "Indian/Reunion", [], utc(3, 3, 4)),
    ("a wider window does not override", "FR", utc(3, 2, 19), PARIS, [ALL_DAY], utc(3, 3, 7)),
    ("a narrower one holds", "FR", utc(3, 2, 19), PARIS, [LUNCH], utc(3, 3, 11)),
    ("an office window and the law", "FR", utc(5, 8, 10), PARIS, [OFFICE], utc(5, 11, 10)),
]


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_pauses(self):
        for name, begin, zone, days, hours, end in PAUSES:
            with self.subTest(name):
                self.assertEqual(schedule.after(begin, zone, days, hours), end)

    def test_openings(self):
        for name, moment, zone, window, opening in OPENINGS:
            with self.subTest(name):
                self.assertEqual(schedule.next_opening(moment, zone, window), opening)

    def test_openings_are_stable(self):
        """Asked again at the opening, the answer is the opening: an enrollment never waits twice."""
        for name, moment, zone, window, opening in OPENINGS:
            with self.subTest(name):
                self.assertGreaterEqual(opening, moment)
                self.assertEqual(schedule.next_opening(opening, zone, window), opening)

    def test_legal_sms_hours(self):
        for name, country, moment, zone, others, opening in LEGAL:
            with self.subTest(name):
                windows = [*others, legal_hours.window(country, moment)]
                self.assertEqual(schedule.next_joint_opening(moment, zone, windows), opening)

    def test_never_open(self):
        closed = [Window(9.0, 18.0, frozenset({0}), frozenset(date(2026, 3, 2) for _day in range(1)))]
        self.assertEqual(schedule.next_opening(utc(3, 2, 10), PARIS, closed[0]), utc(3, 9, 10))
        with self.assertRaises(schedule.NeverOpens):
            schedule.next_opening(utc(3, 2), PARIS, Window(9.0, 18.0, frozenset()))
        with self.assertRaises(schedule.NeverOpens):
            schedule.next_joint_opening(utc(3, 2), PARIS, [Window(21.0, 23.0), Window(8.0, 20.0)])

    def test_first_minute_and_fixed_dates(self):
        for name, day, hours, zone, expected in (
            ("no time: 00:01", date(2026, 6, 1), None, PARIS, utc(5, 31, 22, 1)),
            ("a time", date(2026, 6, 1), 14.5, PARIS, utc(6, 1, 12, 30)),
            ("24:00 is midnight of the next day", date(2026, 6, 1), 24.0, PARIS, utc(6, 1, 22)),
            ("29 February", date(2028, 2, 29), None, PARIS, utc(2, 28, 23, 1, year=2028)),
        ):
            with self.subTest(name):
                self.assertEqual(schedule.fixed(day, hours, zone), expected)
        self.assertEqual(schedule.at_first_minute(utc(3, 1, 23, 30), PARIS), utc(3, 1, 23, 1))
        self.assertEqual(schedule.at_first_minute(utc(10, 25, 12), PARIS), utc(10, 24, 22, 1))

    def test_what_no_calendar_can_hold_is_a_hundred_years(self):
        start = utc(6, 1, 12)
        self.assertEqual(schedule.after(start, PARIS, hours=99_999_999_999.0).year, 2126)
        self.assertEqual(schedule.after(start, PARIS, days=2_000_000_000).year, 2126)
        self.assertEqual((start - schedule.span(2_000_000_000)).year, 1926)
        for unit in ("hours", "days", "weeks", "months"):
            for amount, years in ((2_000_000_000, (2124, 2127)), (-2_000_000_000, (1925, 1928))):
                moment = schedule.moved(start, PARIS, amount, unit)
                self.assertTrue(years[0] <= moment.year <= years[1], f"{amount} {unit}: {moment}")

    def test_easter(self):
        known = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2030: (4, 21), 2038: (4, 25), 2285: (3, 22)}
        for year, (month, day) in known.items():
            self.assertEqual(public_holidays.easter(year), date(year, month, day))
