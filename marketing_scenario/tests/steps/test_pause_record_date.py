from datetime import date, datetime, timedelta

from odoo.tests import tagged

from ..step_case import StepCase

CLOSING = {"pause_mode": "record", "pause_lead_date": "date_deadline"}
BEFORE = {**CLOSING, "pause_shift": 3, "pause_shift_unit": "days", "pause_shift_side": "before"}


@tagged("post_install", "-at_install")
class TestPauseRecordDate(StepCase):
    """A pause until a date that stands on the record itself; now is Monday, 2 March 2026, 11:00 in Paris."""

    def _wait(self, settings, **vals):
        """The run of the lead with these values on a pause with these settings."""
        self.lead.write(vals)
        return self._walk(self._scenario_of("pause", settings), self.lead)

    def _reason(self, enrollment, name="step"):
        return enrollment.trace_ids.filtered(lambda trace: trace.step_id.name == name).reason

    def test_ends_some_days_before_the_date_at_the_first_minute_of_the_persons_day(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 16, 23, 1))
        self.assertEqual(enrollment.wait_reason, "pause")
        self.set_now(datetime(2026, 3, 16, 23, 1))
        self.run_due()
        self.assertJourney(enrollment, "step:next", "End:end")
        self.assertFalse(self._reason(enrollment))

    def test_interval_after_with_a_time_over_the_spring_change(self):
        settings = {**CLOSING, "pause_shift": 2, "pause_shift_unit": "weeks", "pause_shift_side": "after"}
        enrollment = self._wait(
            {**settings, "pause_has_time": True, "pause_time": 9.5}, date_deadline=date(2026, 3, 20)
        )
        self.assertEqual(enrollment.next_run_at, datetime(2026, 4, 3, 7, 30))

    def test_months_end_where_the_month_ends(self):
        settings = {**CLOSING, "pause_shift": 1, "pause_shift_unit": "months", "pause_shift_side": "before"}
        enrollment = self._wait(settings, date_deadline=date(2026, 5, 31))
        self.assertEqual(enrollment.next_run_at, datetime(2026, 4, 29, 22, 1))

    def test_a_moment_counts_to_the_minute_unless_a_time_is_given(self):
        settings = {**BEFORE, "pause_lead_date": "date_conversion", "pause_shift": 2, "pause_shift_unit": "hours"}
        enrollment = self._wait(settings, date_conversion=datetime(2026, 3, 5, 15, 40))
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 5, 13, 40))
        timed = {**settings, "pause_shift": 1, "pause_shift_unit": "days", "pause_has_time": True, "pause_time": 8.0}
        self.assertEqual(self._wait(timed).next_run_at, datetime(2026, 3, 4, 7, 0))

    def test_a_date_moved_later_is_waited_for(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        self.lead.date_deadline = date(2026, 4, 20)
        self.run_due()
        self.assertEqual(enrollment.next_run_at, datetime(2026, 4, 16, 22, 1))

    def test_a_date_moved_earlier_is_not_missed(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        self.lead.date_deadline = date(2026, 3, 10)
        self.run_due()
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 6, 23, 1))

    def test_a_moment_that_has_passed_goes_on_at_once_and_says_so(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 4))
        self.assertJourney(enrollment, "step:next", "End:end")
        self.assertEqual(self._reason(enrollment), "date_passed")

    def test_a_moment_that_has_passed_may_end_the_run(self):
        enrollment = self._wait({**BEFORE, "pause_date_passed": "leave"}, date_deadline=date(2026, 3, 4))
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "date_passed"))

    def test_moved_into_the_past_while_waiting_counts_as_passed(self):
        enrollment = self._wait({**BEFORE, "pause_date_passed": "leave"}, date_deadline=date(2026, 3, 20))
        self.lead.date_deadline = date(2026, 2, 20)
        self.run_due()
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "date_passed"))

    def test_the_engine_being_late_does_not_make_it_passed(self):
        enrollment = self._wait({**BEFORE, "pause_date_passed": "leave"}, date_deadline=date(2026, 3, 20))
        self.set_now(datetime(2026, 3, 19, 8, 0))
        self.run_due()
        self.assertJourney(enrollment, "step:next", "End:end")

    def test_without_a_date_it_waits_until_there_is_one(self):
        enrollment = self._wait(BEFORE, date_deadline=False)
        self.assertEqual((enrollment.state, enrollment.wait_reason), ("running", "no_date"))
        self.forward(days=5)
        self.assertEqual(enrollment.wait_reason, "no_date")
        self.lead.date_deadline = date(2026, 3, 20)
        self.run_due()
        self.assertEqual((enrollment.wait_reason, enrollment.next_run_at), ("pause", datetime(2026, 3, 16, 23, 1)))
        self.assertEqual(len(enrollment.trace_ids), 1, "looking every day leaves no rows")

    def test_without_a_date_it_may_go_on_or_leave_and_says_so(self):
        enrollment = self._wait({**BEFORE, "pause_no_date": "go_on"}, date_deadline=False)
        self.assertJourney(enrollment, "step:next", "End:end")
        self.assertEqual(self._reason(enrollment), "no_date")
        enrollment = self._wait({**BEFORE, "pause_no_date": "leave"})
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "no_date"))

    def test_every_year_waits_for_the_next_anniversary(self):
        birthday = {**CLOSING, "pause_yearly": True}
        enrollment = self._wait(birthday, date_deadline=date(1984, 3, 9))
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 8, 23, 1))
        self.set_now(datetime(2026, 3, 8, 23, 1))
        self.run_due()
        self.assertJourney(enrollment, "step:next", "End:end")
        self.assertEqual(self._wait(birthday, date_deadline=date(1984, 3, 1)).next_run_at, datetime(2027, 2, 28, 23, 1))

    def test_born_on_29_february(self):
        self.set_now(datetime(2026, 2, 20, 10, 0))
        enrollment = self._wait({**CLOSING, "pause_yearly": True}, date_deadline=date(2004, 2, 29))
        self.assertEqual(enrollment.next_run_at, datetime(2026, 2, 27, 23, 1))

    def test_a_lead_uses_its_contacts_date_where_it_has_none_of_its_own(self):
        self.contact.marketing_optin_date = datetime(2026, 3, 6, 8, 0)
        self.lead.partner_id = self.contact
        settings = {"pause_mode": "record", "pause_partner_date": "marketing_optin_date"}
        enrollments = self._walk(self._scenario_of("pause", settings, same_person="refuse"), self.lead)
        self.assertEqual(enrollments.next_run_at, datetime(2026, 3, 6, 8, 0))
        self.contact.marketing_optin_date = datetime(2026, 3, 9, 8, 0)
        self.run_due()
        self.assertEqual(enrollments.next_run_at, datetime(2026, 3, 9, 8, 0))

    def test_run_now_and_a_moment_chosen_by_hand_end_it(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        enrollment._reschedule(self.now + timedelta(days=2))
        self.lead.date_deadline = date(2026, 3, 25)
        self.forward(days=1)
        self.assertEqual(enrollment.state, "running")
        self.forward(days=1)
        self.assertJourney(enrollment, "step:rescheduled", "step:next", "End:end")
        enrollment = self._wait(BEFORE)
        enrollment.action_run_now()
        self.run_due()
        self.assertJourney(enrollment, "step:next", "End:end")

    def test_recalculating_the_waits(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        enrollment.step_id.pause_shift = 5
        recalculate = self.env["marketing.scenario.enrollment"]._recalculate
        self.assertEqual(recalculate([("id", "=", enrollment.id)]), 1)
        self.run_due()
        enrollment.invalidate_recordset()
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 14, 23, 1))
        self.assertEqual(recalculate([("id", "=", enrollment.id)]), 0, "nothing is left to change")
        enrollment.step_id.pause_shift = 30
        self.assertEqual(recalculate([("id", "=", enrollment.id)]), 1)
        self.run_due()
        self.assertEqual(enrollment.trace_ids.sorted("id").mapped("reason")[-2:], ["date_passed", "end_step"])

    def test_on_hold_does_not_move_the_date(self):
        enrollment = self._wait(BEFORE, date_deadline=date(2026, 3, 20))
        enrollment.action_pause()
        self.forward(days=4)
        enrollment.action_resume()
        self.run_due()
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 16, 23, 1))

    def test_dates_without_end_break_nothing(self):
        for day in (date(9999, 12, 31), date(1, 1, 1)):
            settings = {**CLOSING, "pause_shift": 9999, "pause_shift_unit": "months", "pause_shift_side": "after"}
            self.assertFalse(self._wait(settings, date_deadline=day).error_message)

    def test_offers_dates_only_and_checks_each_kind(self):
        steps = self.env["marketing.scenario.step"]
        names = [name for name, _label in steps._pause_lead_dates()]
        self.assertIn("date_deadline", names)
        for name in names:
            field = self.env["crm.lead"]._fields[name]
            self.assertTrue(field.store and field.type in ("date", "datetime") and not field.groups, name)
        scenario = self._scenario_of("pause", BEFORE)
        self.assertEqual(self._issue_codes(scenario), ["no_date_field"])
        scenario.target_kinds = "lead"
        self.assertEqual(self._issue_codes(scenario), [])
        self.assertEqual(
            self._issue_codes(self._scenario_of("pause", {"pause_mode": "record"}, target_kinds="lead")),
            ["no_date_field"],
        )
        self.assertEqual(self._step(scenario, "step").summary, "3 days before Expected Closing")

    def test_an_earlier_fixed_entry_rule_does_not_apply(self):
        scenario = self._make_scenario(("score", {"score_points": 5}, "before"), ("pause", BEFORE, "date"))
        self.lead.date_deadline = date(2026, 3, 1)
        self.assertJourney(self._walk(scenario, self.lead), "before:next", "date:next", "End:end")

    def test_budget(self):
        settings = {"pause_mode": "record", "pause_partner_date": "marketing_optin_date", "pause_shift": 30}
        self.assertBudget(self._scenario_of("pause", {**settings, "pause_shift_side": "after"}), constant=24)
