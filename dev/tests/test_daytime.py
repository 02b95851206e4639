"""The checks on real servers send an SMS at whatever hour they are run."""

import unittest
from datetime import datetime, timedelta, timezone

import pytz

from odoo.addons.marketing_scenario.models.target.mixin import is_mobile
from odoo.addons.marketing_scenario.tools import legal_hours

import daytime

MONDAYS = (datetime(2026, 1, 5), datetime(2026, 3, 23), datetime(2026, 7, 6), datetime(2026, 10, 19))


class TestDaytime(unittest.TestCase):
    def test_an_sms_may_leave_at_once_at_every_hour_of_the_week(self):
        for monday in MONDAYS:
            for minutes in (hour * 60 + minute for hour in range(7 * 24) for minute in (0, 59)):
                moment = monday + timedelta(minutes=minutes)
                zone = daytime.zone(moment.replace(tzinfo=timezone.utc))
                self.assertIn(zone, pytz.all_timezones)
                for later in (moment, moment + timedelta(hours=3)):
                    self.assertEqual(legal_hours.opening(daytime.mobile(1), later, zone), later, zone)

    def test_each_serial_number_is_a_mobile_number_of_its_own(self):
        numbers = {daytime.mobile(serial) for serial in (0, 1, 99, 12_345, 99_999)}
        self.assertEqual((len(numbers), all(map(is_mobile, numbers))), (5, True))
