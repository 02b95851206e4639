"""Actions of the CRM keep opening hours when their step says so, by the same windows as messages (S31)."""

from datetime import datetime

from odoo.tests import tagged

from ..common import ScenarioCase

EVENING = datetime(2026, 3, 6, 20, 0)  # a Friday, 21:00 in Paris


@tagged("post_install", "-at_install")
class TestActionHours(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.env.ref("marketing_scenario.window_office")
        cls.kind = cls.env.ref("mail.mail_activity_data_call")

    def walk(self, step_type="activity", **settings):
        if step_type == "activity":
            settings["activity_type_id"] = self.kind.id
        scenario = self._make_scenario((step_type, settings, "action"), name=f"{step_type} {len(settings)}")
        self.set_now(EVENING)
        run = self._enroll(scenario, self.contact)
        self.run_due()
        return run

    def test_an_activity_waits_for_monday_morning(self):
        run = self.walk(keeps_hours=True, window_id=self.office.id)
        self.assertEqual((run.wait_reason, run.next_run_at), ("outside_window", datetime(2026, 3, 9, 8)))
        self.assertFalse(self.contact.activity_ids)
        self.assertEqual(run.step_id.summary, "Call · in opening hours")
        self.set_now(datetime(2026, 3, 9, 8))
        self.run_due()
        self.assertEqual(run.state, "done")
        self.assertEqual(self.contact.activity_ids.date_deadline, datetime(2026, 3, 9).date())

    def test_unless_it_says_so_an_action_goes_on_at_any_hour(self):
        self.env.company.marketing_window_id = self.office
        self.assertEqual(self.walk(window_id=self.office.id).state, "done")

    def test_the_hours_of_the_scenario_and_of_the_company_hold(self):
        self.env.company.marketing_window_id = self.office
        self.assertEqual(self.walk(keeps_hours=True).next_run_at, datetime(2026, 3, 9, 8))
        every_day = self.env.ref("marketing_scenario.window_every_day")
        self.contact = self._make_contact("Other", "other@example.com")
        run = self.walk("score", keeps_hours=True, score_points=5)
        run.scenario_id.window_id = every_day
        run.action_run_now()
        self.run_due()
        self.assertEqual(run.next_run_at, datetime(2026, 3, 7, 7), "the scenario's, on Saturday")

    def test_a_call_list_keeps_hours_too(self):
        self.contact.phone = "+33612345678"
        campaign = self.env["marketing.phoning.campaign"].create({"name": "Calls"})
        settings = {"phoning_campaign_id": campaign.id, "window_id": self.office.id}
        run = self.walk("phoning", **settings, keeps_hours=True)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 9, 8))
        self.contact = self._make_contact("Other", "other@example.com", phone="+33612345679")
        self.assertEqual(self.walk("phoning", **settings).state, "done")

    def test_only_actions_offer_it(self):
        scenario = self._make_scenario(("activity", {}, "do"), ("pause", {"pause_days": 1}, "wait"), active=False)
        offered = scenario.step_ids.filtered("can_keep_hours")
        self.assertEqual(offered.mapped("name"), ["do"])

    def test_the_check_says_when_no_hours_are_set(self):
        step = self._make_scenario(
            ("activity", {"activity_type_id": self.kind.id, "keeps_hours": True}, "call"), active=False
        )
        codes = [issue["code"] for issue in step.check()]
        self.assertIn("no_hours", codes)
        self.env.company.marketing_window_id = self.office
        self.assertNotIn("no_hours", [issue["code"] for issue in step.check()])
