"""Messages that do not go: too late after a stop of the scenario, or sent in this run before (S7, S41)."""

from datetime import timedelta

from odoo.tests import tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestUnsent(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"

    def sent(self, enrollment):
        return self.env["mailing.trace"].search_count([("marketing_enrollment_id", "=", enrollment.id)])

    def stopped_for(self, days, *steps, **answer):
        scenario = self._make_scenario(*steps)
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        scenario.action_deactivate()
        self.forward(days=days, run=False)
        scenario.with_context(marketing_overdue="skip", marketing_overdue_days=2).action_activate()
        self.run_due()
        return enrollment

    def test_too_late_for_someone_asleep_on_the_pause_before(self):
        enrollment = self.stopped_for(
            20,
            ("pause", {"pause_days": 1}, "pause"),
            ("score", {"score_points": 1}, "score"),
            ("email", MAIL, "mail"),
            ("pause", {"pause_days": 1}, "next pause"),
            ("email", MAIL, "later mail"),
        )
        self.assertJourney(enrollment, "pause:next", "score:next", "mail:skipped")
        self.assertEqual(enrollment.trace_ids[0].reason, "overdue")
        self.assertEqual(self.sent(enrollment), 0)
        self.forward(days=1)
        self.assertEqual(self.sent(enrollment), 1, "what is planned after the stop is sent")

    def test_not_too_late(self):
        enrollment = self.stopped_for(2, ("pause", {"pause_days": 1}, "pause"), ("email", MAIL, "mail"))
        self.assertEqual(self.sent(enrollment), 1)

    def test_too_late_for_someone_waiting_for_the_window_is_traced_once(self):
        window = self.env["marketing.window"].create({"name": "Evening", "hour_from": 20, "hour_to": 21})
        enrollment = self.stopped_for(
            20, ("email", {**MAIL, "window_id": window.id}, "mail"), ("pause", {"pause_days": 1}, "pause")
        )
        self.assertJourney(enrollment, "mail:skipped")
        self.assertEqual((enrollment.step_id.name, enrollment.trace_ids[0].outcome), ("pause", "next"))
        self.assertEqual(self._step(enrollment.scenario_id, "mail").passed_count, 0)

    def test_several_at_once_ask_as_one_does(self):
        scenarios = self.env["marketing.scenario"]
        for name in ("One", "Two"):
            scenarios += self._make_scenario(("pause", {"pause_days": 1}, "pause"), ("email", MAIL, "mail"), name=name)
            self._enroll(scenarios[-1], self.contact)
        self.run_due()
        scenarios.action_deactivate()
        self.forward(days=20, run=False)
        question = scenarios.action_activate()
        self.assertEqual(question["params"], {"scenario_id": scenarios[0].id})
        self.assertEqual(set(scenarios.mapped("state")), {"inactive"})
        scenarios.with_context(marketing_overdue="skip", marketing_overdue_days=2).action_activate()
        self.assertEqual(set(scenarios.mapped("state")), {"active"})
        self.run_due()
        self.assertEqual([self.sent(enrollment) for enrollment in scenarios.enrollment_ids], [0, 0])

    def test_a_step_skipped_by_hand_leaves_one_trace(self):
        window = self.env["marketing.window"].create({"name": "Evening", "hour_from": 20, "hour_to": 21})
        scenario = self._make_scenario(
            ("email", {**MAIL, "window_id": window.id}, "mail"), ("pause", {"pause_days": 1}, "pause")
        )
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        enrollment.action_skip()
        self.run_due()
        self.assertJourney(enrollment, "mail:skipped")
        trace = enrollment.trace_ids[0]
        self.assertEqual((trace.event, trace.outcome, trace.reason), ("skipped", "next", "by_hand"))
        mail = self._step(scenario, "mail")
        self.assertEqual((mail.passed_count, mail.skipped_count, enrollment.step_id.name), (0, 1, "pause"))

    def test_the_last_step_skipped_by_hand_ends_the_run(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "pause"), active=False)
        self._step(scenario, "End").unlink()
        scenario._set_state("active")
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        enrollment.action_skip()
        self.assertEqual((enrollment.state, enrollment.end_reason), ("done", "no_next_step"))

    def test_moved_to_the_front_nobody_gets_a_mail_twice(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "p1"), ("email", MAIL, "m1"), ("pause", {"pause_days": 5}, "p2")
        )
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.forward(days=1)
        self.assertEqual((enrollment.step_id.name, self.sent(enrollment)), ("p2", 1))
        self._step(scenario, "p2")._move_to(scenario.start_step_id, "next", alone=True)
        self.forward(days=5)
        self.forward(days=1)
        self.assertEqual((enrollment.state, self.sent(enrollment)), ("done", 1))
        self.assertEqual(enrollment.trace_ids.filtered(lambda trace: trace.event == "skipped").reason, "already_sent")

    def test_a_go_to_sends_again(self):
        scenario = self._make_scenario(
            ("email", MAIL, "mail"), ("pause", {"pause_days": 1}, "pause"), ("goto", {}, "back"), active=False
        )
        self._step(scenario, "back").goto_step_id = self._step(scenario, "mail")
        scenario.action_activate()
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.forward(days=1)
        self.forward(days=1)
        self.assertEqual(self.sent(enrollment), 3)
        self.assertEqual(enrollment.next_run_at, self.now + timedelta(days=1))
