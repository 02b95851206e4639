from datetime import datetime

from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestCompanyZone(StepCase):
    def test_a_company_tells_its_zone_in_this_order(self):
        company = self.env["res.company"].create({"name": "Elsewhere", "country_id": self.env.ref("base.fr").id})
        company.resource_calendar_id.tz = "UTC"
        self.assertEqual(company._marketing_zone(), "Europe/Paris", "its country's")
        company.resource_calendar_id.tz = "Asia/Tokyo"
        self.assertEqual(company._marketing_zone(), "Asia/Tokyo", "its working hours'")
        company.partner_id.tz = "America/New_York"
        self.assertEqual(company._marketing_zone(), "America/New_York", "its own")
        nowhere = self.env["res.company"].create({"name": "Nowhere", "country_id": False})
        nowhere.resource_calendar_id.tz = "UTC"
        self.assertEqual(nowhere._marketing_zone(), "UTC")

    def test_no_sms_in_the_french_evening_though_nobody_has_a_zone(self):
        self.env.company.partner_id.tz = False
        self.env.company.resource_calendar_id.tz = "UTC"
        self.seller.tz = False
        self.set_now(datetime(2026, 7, 1, 19, 30))  # 21:30 in France
        run = self._walk(self._scenario_of("sms", {"sms_body": "Hi"}), self.contact)
        self.assertEqual((run.wait_reason, run.next_run_at), ("outside_window", datetime(2026, 7, 2, 6, 0)))

    def test_no_sms_in_the_night_of_a_foreign_number(self):
        belgian = self._make_contact("Jan", phone="+32470123456")
        self.set_now(datetime(2026, 3, 3, 2, 30))
        run = self._walk(self._scenario_of("sms", {"sms_body": "Hi"}), belgian)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 3, 8, 0))
