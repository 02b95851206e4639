"""What a publication does to the people inside is told, asked once, and done (S41, S54)."""

from odoo.tests import tagged

from ..common import MONDAY
from ..step_case import StepCase

DAY = {"pause_days": 1}
MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestPeople(StepCase):
    def setUp(self):
        super().setUp()
        self.nothing = self.env["marketing.scenario.step"]

    def _draft(self, scenario):
        return self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])

    def _dialog(self, draft):
        return self.env["marketing.scenario.publish"].browse(draft.action_publish()["res_id"])

    def _on(self, scenario, name):
        run = self._enroll(scenario, self._make_contact(name, f"{name}@people.example.com"))
        run.move_to(self._step(scenario, name))
        return run

    def test_who_stands_on_a_step_that_goes_takes_the_next_one(self):
        scenario = self._make_scenario(("pause", DAY, "a"), ("pause", DAY, "b"), ("pause", DAY, "c"))
        run = self._on(scenario, "b")
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "b")._delete(True, self.nothing)
        dialog = self._dialog(draft)
        line = dialog.removed_ids
        self.assertEqual((line.step_id.name, line.people_count, line.fate, line.target_id.name), ("b", 1, "next", "c"))
        dialog.action_publish()
        self.assertEqual((run.step_id.name, run.state), ("c", "running"))
        self.assertRegex(self.path(run)[-1], ":moved$", "the step itself is gone")
        self.run_due()
        self.assertEqual(run.wait_reason, "pause")

    def test_they_go_where_one_says(self):
        scenario = self._make_scenario(("pause", DAY, "a"), ("pause", DAY, "b"), ("pause", DAY, "c"))
        moved, leaving = self._on(scenario, "b"), self._on(scenario, "c")
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "b")._delete(True, self.nothing)
        self._step(draft, "c")._delete(True, self.nothing)
        self._add_steps(self._step(draft, "a"), "other", [])
        dialog = self._dialog(draft)
        lines = {line.step_id.name: line for line in dialog.removed_ids}
        lines["b"].write({"fate": "step", "target_id": self._step(draft, "a").id})
        lines["c"].fate = "out"
        dialog.action_publish()
        self.assertEqual((moved.state, moved.step_id.name), ("running", "a"))
        self.assertEqual((leaving.state, leaving.end_reason), ("stopped", "by_hand"))

    def test_a_branch_that_goes_leaves_nobody_behind(self):
        rule = {"kind": "score", "score_value": 1}
        ask = ("if", {"rule_ids": [(0, 0, rule)]}, "ask", {"yes": [("pause", DAY, "y")], "no": [("pause", DAY, "n")]})
        scenario = self._make_scenario(("pause", DAY, "before"), ask)
        runs = [self._on(scenario, "y"), self._on(scenario, "n")]
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "ask")._delete(False, self.nothing)
        self._add_steps(self._step(draft, "before"), "next", [("pause", DAY, "new")])
        draft.action_add_missing_ends()
        dialog = self._dialog(draft)
        self.assertEqual({line.target_id.name for line in dialog.removed_ids}, {"new"})
        dialog.action_publish()
        self.assertEqual({run.step_id.name for run in runs}, {"new"})
        self.assertEqual({run.step_id.scenario_id for run in runs}, {scenario})

    def _moved_mail(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), ("pause", DAY, "p1"), ("pause", DAY, "p2"))
        run = self._enroll(scenario, self.contact)
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "mail")._move_to(self._step(draft, "p2"), "next", alone=True)
        return scenario, run, self._dialog(draft)

    def _sent(self, scenario):
        step = self._step(scenario, "mail")
        return self.env["mailing.trace"].search_count([("mass_mailing_id.marketing_step_id", "=", step.id)])

    def test_a_mail_does_not_come_again_unless_one_says_so(self):
        for again, count in ((False, 1), (True, 2)):
            with self.subTest(again=again):
                self.set_now(MONDAY)
                self.contact.marketing_enrollment_ids.filtered(lambda r: r.state == "running").action_take_out()
                scenario, run, dialog = self._moved_mail()
                line = dialog.again_ids
                self.assertEqual((line.step_id.name, line.people_count, line.answer), ("mail", 1, False))
                line.answer = again
                dialog.action_publish()
                self.forward(days=1, minutes=1)
                self.forward(days=1, minutes=1)
                self.assertEqual(run.state, "done")
                self.assertEqual(self._sent(scenario), count)

    def test_waits_are_counted_anew_only_on_request(self):
        for answer, days in ((False, 10), (True, 3)):
            with self.subTest(answer=answer):
                self.set_now(MONDAY)
                scenario = self._make_scenario(("pause", {"pause_days": 10}, "wait"))
                run = self._enroll(scenario, self.contact)
                self.run_due()
                draft = self._draft(scenario)
                self._step(draft, "wait").pause_days = 3
                self.forward(days=1)
                dialog = self._dialog(draft)
                self.assertEqual((dialog.waits_ids.people_count, dialog.waits_ids.answer), (1, False))
                dialog.waits_ids.answer = answer
                dialog.action_publish()
                self.assertEqual(run.next_run_at, MONDAY.replace(day=MONDAY.day + days))

    def test_a_condition_that_waits_is_counted_anew(self):
        rule = {"kind": "score", "score_value": 50}
        scenario = self._make_scenario(("if", {"rule_ids": [(0, 0, rule)], "if_wait_days": 10}, "ask"))
        run = self._enroll(scenario, self.contact)
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "ask").if_wait_days = 2
        dialog = self._dialog(draft)
        dialog.waits_ids.answer = True
        dialog.action_publish()
        self.assertEqual(run.wait_until, MONDAY.replace(day=MONDAY.day + 2))
        self.run_due()
        self.assertEqual(run.state, "running")

    def test_a_change_that_touches_nobody_asks_nothing(self):
        scenario = self._make_scenario(("pause", DAY, "a"), ("pause", DAY, "b"))
        self._enroll(scenario, self.contact)
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "b").pause_days = 3
        self.assertTrue(self._dialog(draft).touches_nobody)
