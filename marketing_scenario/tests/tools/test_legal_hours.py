from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ...tools import legal_hours, schedule
from ...tools.public_holidays import HOLIDAYS, public_holidays

EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
PARIS = "Europe/Paris"

FRENCH, GERMAN, BELGIAN = "+33612345678", "+4915123456789", "+32470123456"
SPANISH, ITALIAN, DUTCH, BRITISH = "+34612345678", "+393123456789", "+31612345678", "+447400123456"
SWISS, NORWEGIAN, NEW_YORKER, CANADIAN = "+41791234567", "+4740612345", "+12125550123", "+16135550123"
TOLL_FREE, AUSTRALIAN, CHINESE, REUNION = "+18005550123", "+61412345678", "+8613812345678", "+262692123456"


def utc(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute)


OPENINGS = [  # name, number, moment, zone of the target, opening
    ("Belgian mobile at 3:30 of its night", BELGIAN, utc(3, 3, 2, 30), "UTC", utc(3, 3, 8)),
    ("German mobile at 3:30 of its night", GERMAN, utc(3, 3, 2, 30), "America/New_York", utc(3, 3, 8)),
    ("French mobile at 21:30, nobody has a zone", FRENCH, utc(7, 1, 19, 30), "UTC", utc(7, 2, 6)),
    ("French mobile at noon", FRENCH, utc(7, 1, 10), "UTC", utc(7, 1, 10)),
    ("Germany: not on Sunday", GERMAN, utc(3, 8, 12), PARIS, utc(3, 9, 12)),
    ("Germany: Day of German Unity, a Saturday", GERMAN, utc(10, 3, 10), PARIS, utc(10, 5, 10)),
    ("Belgium: 21 July", BELGIAN, utc(7, 21, 10), PARIS, utc(7, 22, 10)),
    ("Spain: no weekend", SPANISH, utc(3, 7, 10), PARIS, utc(3, 9, 10)),
    ("Spain: until 21:00", SPANISH, utc(3, 2, 19, 59), PARIS, utc(3, 2, 19, 59)),
    ("Italy: Saturday from 10:00", ITALIAN, utc(3, 7, 8, 30), PARIS, utc(3, 7, 9)),
    ("Italy: Saturday until 19:00", ITALIAN, utc(3, 7, 18), PARIS, utc(3, 9, 8)),
    ("Netherlands: Saturday until 16:00", DUTCH, utc(3, 7, 15), PARIS, utc(3, 9, 8)),
    ("United Kingdom in its own zone", BRITISH, utc(3, 2, 7, 30), PARIS, utc(3, 2, 8)),
    ("United Kingdom: Sunday until 17:00", BRITISH, utc(3, 8, 17), PARIS, utc(3, 9, 8)),
    ("Switzerland: 1 August is a Saturday", SWISS, utc(8, 1, 10), PARIS, utc(8, 3, 10)),
    ("Norway: not on Saturday", NORWEGIAN, utc(3, 7, 10), PARIS, utc(3, 9, 10)),
    ("Norway: 17 May is a Sunday, the 14th Ascension", NORWEGIAN, utc(5, 14, 10), PARIS, utc(5, 15, 10)),
    ("New York at 8:00 of Paris", NEW_YORKER, utc(3, 2, 7), PARIS, utc(3, 2, 13)),
    ("a toll-free number: the target's zone", TOLL_FREE, utc(3, 2, 7), "America/Los_Angeles", utc(3, 2, 16)),
    ("Ottawa on Saturday", CANADIAN, utc(3, 7, 14, 30), PARIS, utc(3, 7, 15)),
    ("China: the cautious hours", CHINESE, utc(3, 2, 13), PARIS, utc(3, 3, 1)),
    ("Australia: several zones, the target's counts", AUSTRALIAN, utc(3, 2, 7), "Australia/Perth", utc(3, 2, 7)),
    ("Reunion: French law in the local zone", REUNION, utc(3, 2, 16, 30), PARIS, utc(3, 3, 4)),
    ("no number: the cautious hours where the target is", None, utc(3, 8, 10), PARIS, utc(3, 9, 10)),
]


@tagged("post_install", "-at_install")
class TestLegalHours(BaseCase):
    def test_openings(self):
        for name, number, moment, zone, expected in OPENINGS:
            with self.subTest(name):
                found = legal_hours.opening(number, moment, zone)
                self.assertEqual(found, expected)
                self.assertEqual(legal_hours.opening(number, found, zone), found, "asked again at the opening")

    def test_every_country_of_the_union_and_its_neighbours_has_a_row(self):
        for country in (*EU, "GB", "CH", "NO", "US", "CA"):
            self.assertIn(country, legal_hours.LEGAL_HOURS)

    def test_each_row_names_its_source_and_has_its_holidays(self):
        for country, hours in legal_hours.LEGAL_HOURS.items():
            with self.subTest(country):
                self.assertGreater(len(hours.source), 8)
                if hours.holidays:
                    self.assertIn(country, HOLIDAYS)

    def test_nobody_gets_an_sms_at_night_anywhere(self):
        for country in (*legal_hours.LEGAL_HOURS, "JP", None):
            hours = legal_hours.window(country, utc(1, 1))
            for day in range(2, 9):  # a Monday and six more
                hour_from, hour_to = hours.hours_on(date(2026, 3, day))
                self.assertGreaterEqual(hour_from, 8, country)
                self.assertLessEqual(hour_to, 22, country)

    def test_holidays(self):
        for country, days in {
            "FR": ((5, 14), (5, 25), (7, 14)),
            "DE": ((4, 3), (4, 6)),
            "PL": ((6, 4), (11, 11)),
            "PT": ((4, 3), (6, 4)),
            "NO": ((4, 2),),
            "ES": ((4, 3),),
        }.items():
            for month, day in days:
                self.assertIn(date(2026, month, day), public_holidays(country, 2026), country)
        self.assertFalse(public_holidays("JP", 2026))

    def test_the_company_has_its_own_days_off(self):
        days = frozenset([date(2026, 3, 2)])
        self.assertEqual(legal_hours.opening(FRENCH, utc(3, 2, 10), PARIS, holidays=days), utc(3, 3, 10))

    def test_a_window_holds_where_the_target_is(self):
        lunch = schedule.Window(12.0, 16.0)
        self.assertEqual(legal_hours.opening(NEW_YORKER, utc(3, 2, 7), PARIS, [lunch]), utc(3, 2, 13))
