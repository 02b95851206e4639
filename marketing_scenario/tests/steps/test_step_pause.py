from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import format_datetime, mute_logger

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepPause(StepCase):
    def _scenario(self, **vals):
        return self._scenario_of("pause", vals)

    def _wakes(self, **vals):
        return self._walk(self._scenario(**vals), self.contact).next_run_at

    def test_contact_account_and_lead(self):
        enrollments = self._walk(self._scenario(pause_days=3))
        self.assertEqual(set(enrollments.mapped("next_run_at")), {self.now + timedelta(days=3)})
        self.assertEqual(set(enrollments.mapped("wait_reason")), {"pause"})
        self.forward(days=3)
        self.assertEqual(set(enrollments.mapped("state")), {"done"})

    def test_hours_days_and_both(self):
        self.assertEqual(self._wakes(pause_hours=0.5), self.now + timedelta(minutes=30))
        self.assertEqual(self._wakes(pause_days=2), self.now + timedelta(days=2))
        self.assertEqual(self._wakes(pause_days=2, pause_hours=1.5), self.now + timedelta(days=2, hours=1.5))

    def test_days_keep_the_clock_time_over_the_spring_change(self):
        self.set_now(datetime(2026, 3, 28, 10, 0))
        self.assertEqual(self._wakes(pause_days=1), datetime(2026, 3, 29, 9, 0))

    def test_fixed_date_without_and_with_time(self):
        day = date(2026, 3, 10)
        self.assertEqual(self._wakes(pause_mode="date", pause_date=day), datetime(2026, 3, 9, 23, 1))
        vals = {"pause_mode": "date", "pause_date": day, "pause_has_time": True, "pause_time": 14.5}
        self.assertEqual(self._wakes(**vals), datetime(2026, 3, 10, 13, 30))

    def test_the_date_is_each_persons_own(self):
        self.account.tz = "America/New_York"
        enrollments = self._walk(
            self._scenario(pause_mode="date", pause_date=date(2026, 3, 6)), self.contact, self.account
        )
        self.assertEqual(enrollments.mapped("next_run_at"), [datetime(2026, 3, 5, 23, 1), datetime(2026, 3, 6, 5, 1)])

    def test_a_date_reached_late_does_not_wait(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 10}, "long"),
            ("pause", {"pause_mode": "date", "pause_date": date(2026, 3, 6)}, "date"),
        )
        enrollment = self._walk(scenario, self.contact)
        self.forward(days=10)
        self.assertJourney(enrollment, "long:next", "date:next", "End:end")

    def test_who_enters_after_the_date_begins_behind_it(self):
        scenario = self._make_scenario(
            ("score", {"score_points": 5}, "before"),
            ("pause", {"pause_mode": "date", "pause_date": date(2026, 3, 1)}, "date"),
            ("score", {"score_points": 100}, "after"),
        )
        enrollment = self._walk(scenario, self.contact)
        self.assertEqual(self.contact.marketing_score, 100)
        self.assertJourney(enrollment, "before:skipped", "date:skipped", "after:next", "End:end")
        self.assertEqual(
            set(enrollment.trace_ids.filtered(lambda t: t.event == "skipped").mapped("reason")), {"after_date"}
        )

    def test_a_date_inside_a_branch_skips_nothing(self):
        rule = {"kind": "consent"}
        dated = ("pause", {"pause_mode": "date", "pause_date": date(2026, 3, 1)}, "date")
        scenario = self._make_scenario(("if", {"rule_ids": [(0, 0, rule)]}, "if", {"yes": [dated]}))
        self.assertJourney(self._walk(scenario, self.contact), "if:yes", "date:next", "End:end")

    def test_the_window_does_not_stretch_a_pause(self):
        window = self.env["marketing.window"].create({"name": "Mornings", "hour_from": 9, "hour_to": 10})
        scenario = self._scenario(pause_hours=12)
        scenario.window_id = window
        self.assertEqual(self._walk(scenario, self.contact).next_run_at, self.now + timedelta(hours=12))

    def test_check_and_summary(self):
        self.assertEqual(self._issue_codes(self._scenario()), ["empty_pause"])
        self.assertEqual(self._issue_codes(self._scenario(pause_mode="date")), ["empty_pause"])
        past = self._scenario(pause_mode="date", pause_date=date(2026, 3, 1))
        self.assertEqual(self._issue_codes(past), ["past_date"])
        scenario = self._scenario(pause_days=2, pause_hours=0.5)
        self.assertEqual(
            (self._issue_codes(scenario), self._step(scenario, "step").summary), ([], "2 days + 0.5 hours")
        )

    def test_negative(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._scenario(pause_days=-1)

    def test_budget(self):
        self.assertBudget(self._scenario(pause_days=1), constant=20)

    def test_preview_shows_the_moment_the_engine_uses(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2, "pause_hours": 1.5}, "wait"))
        self.env.user.tz = "Europe/Paris"
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        preview = self._step(scenario, "wait").pause_preview
        moment = format_datetime(self.env, enrollment.next_run_at, tz="Europe/Paris", dt_format="MMMM d 'at' h:mm a")
        self.assertIn(moment, preview)
