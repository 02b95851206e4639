"""A step gets another type and keeps its place, its label and what can hang on it (R33)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}
RULE = {"rule_ids": [(0, 0, {"kind": "consent"})]}


@tagged("post_install", "-at_install")
class TestReplace(StepCase):
    def _ask(self, step, step_type, **vals):
        return self.env["marketing.scenario.step.replace"].create({"step_id": step.id, "step_type": step_type, **vals})

    def _tree(self, scenario):
        """``[(label, label of the step before, way out)]`` in reading order."""
        steps = scenario.step_ids.sorted("position")
        return [(step.name, step.parent_id.name, step.outcome) for step in steps if step.parent_id]

    def _branches(self, **vals):
        return self._make_scenario(
            (
                "if",
                RULE,
                "asks",
                {
                    "yes": [("pause", {"pause_days": 1}, "in yes"), ("score", {"score_points": 1}, "in yes too")],
                    "no": [("pause", {"pause_days": 2}, "in no")],
                },
            ),
            **vals,
        )

    def test_one_way_to_one_way_keeps_place_label_window_and_what_follows(self):
        window = self.env["marketing.window"].create({"name": "Mornings", "hour_from": 9, "hour_to": 12})
        scenario = self._make_scenario(
            ("email", {**MAIL, "window_id": window.id}, "first"), ("pause", {"pause_days": 1}, "then")
        )
        before, step = self._tree(scenario), self._step(scenario, "first")
        action = self._ask(step, "sms").action_replace()
        self.assertEqual(self._tree(scenario), before)
        self.assertEqual((step.step_type, step.name, step.window_id), ("sms", "first", window))
        self.assertEqual((action["res_id"], action["name"]), (step.id, "SMS"))

    def test_the_branch_that_goes_on_is_chosen_and_the_other_one_goes(self):
        scenario = self._branches()
        step = self._step(scenario, "asks")
        ask = self._ask(step, "tag")
        self.assertEqual(set(ask.choice_ids.mapped("name")), {"in yes", "in no"})
        ask.first_id = self._step(scenario, "in no")
        self.assertEqual(set(ask.lost_ids.mapped("name")), {"in yes", "in yes too", "End"})
        ask.action_replace()
        self.assertEqual(
            self._tree(scenario), [("asks", "Start", "next"), ("in no", "asks", "next"), ("End", "in no", "next")]
        )
        self.assertFalse(step.rule_ids)

    def test_to_a_type_with_more_ways(self):
        scenario = self._make_scenario(("tag", {}, "marks"), ("pause", {"pause_days": 1}, "then"))
        ask = self._ask(self._step(scenario, "marks"), "if")
        self.assertFalse(ask.lost_ids or ask.choice_ids)
        ask.action_replace()
        self.assertEqual(
            self._tree(scenario),
            [("marks", "Start", "next"), ("then", "marks", "yes"), ("End", "then", "next"), ("End", "marks", "no")],
            "an active scenario stays closed",
        )

    def test_to_an_end_and_back(self):
        scenario = self._make_scenario(("tag", {}, "marks"), ("pause", {"pause_days": 1}, "then"))
        step = self._step(scenario, "marks")
        ask = self._ask(step, "end")
        self.assertEqual(set(ask.lost_ids.mapped("name")), {"then", "End"})
        ask.action_replace()
        self.assertEqual(self._tree(scenario), [("marks", "Start", "next")])
        self._ask(step, "pause").action_replace()
        self.assertEqual(self._tree(scenario), [("marks", "Start", "next"), ("End", "marks", "next")])

    def test_people_who_stand_on_it(self):
        for people, path in (
            ("here", ["wait:moved", "wait:next"]),
            ("next", ["wait:moved"]),
            ("out", ["wait:stopped"]),
        ):
            with self.subTest(people):
                scenario = self._make_scenario(
                    ("pause", {"pause_days": 5}, "wait"), ("pause", {"pause_days": 30}, "rest"), name=people
                )
                run = self._walk(scenario, self.contact)
                step = self._step(scenario, "wait")
                ask = self._ask(step, "score")
                self.assertEqual(ask.people_count, 1)
                with self.assertRaisesRegex(UserError, "Choose what becomes of them"):
                    ask.action_replace()
                ask.people = people
                ask.action_replace()
                step.score_points = 3
                self.run_due()
                run.invalidate_recordset()
                self.assertJourney(run, *path)
                self.assertEqual(run.state, "stopped" if people == "out" else "running")
                self.assertFalse(run.state == "running" and run.step_id.name != "rest")

    def test_people_on_steps_that_go(self):
        for stranded in ("here", "out"):
            with self.subTest(stranded):
                scenario = self._branches(name=stranded)
                run = self._walk(scenario, self.contact)
                self.assertEqual(run.step_id.name, "in yes")
                ask = self._ask(self._step(scenario, "asks"), "score", first_id=self._step(scenario, "in no").id)
                self.assertEqual((ask.people_count, ask.stranded_count), (0, 1))
                with self.assertRaises(UserError):
                    ask.action_replace()
                ask.stranded = stranded
                ask.action_replace()
                self.run_due()
                run.invalidate_recordset()
                expected = ("running", "in no") if stranded == "here" else ("stopped", False)
                self.assertEqual((run.state, run.state == "running" and run.step_id.name), expected)

    def test_a_condition_that_asks_about_the_message_bars_it(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), ("if", {}, "asks"))
        mail, asks = self._step(scenario, "mail"), self._step(scenario, "asks")
        self.env["marketing.scenario.rule"].create(
            {"step_id": asks.id, "kind": "email_status", "email_step_id": mail.id, "email_is_opened": True}
        )
        ask = self._ask(mail, "sms")
        self.assertIn("asks", ask.barred_by)
        with self.assertRaisesRegex(UserError, "“asks” asks about “mail”"):
            ask.action_replace()
        self.assertFalse(self._ask(mail, "one_to_one").barred_by)

    def test_a_go_to_still_leads_to_it(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), ("goto", {}, "back"))
        step = self._step(scenario, "wait")
        self._step(scenario, "back").goto_step_id = step
        self._ask(step, "phoning").action_replace()
        self.assertEqual(self._step(scenario, "back").goto_step_id, step)

    def test_the_figures_of_the_old_message_are_not_those_of_the_new_one(self):
        scenario = self._make_scenario(("email", MAIL, "message"))
        self._walk(scenario, self.contact)
        step = self._step(scenario, "message")
        mailing = step.email_mailing_id
        self._ask(step, "sms").action_replace()
        step.sms_body = "Hello"
        self._walk(scenario, self.lead)
        self._walk(scenario, self.account)
        self.assertEqual(mailing.mailing_type, "mail")
        self.assertEqual((step.email_mailing_id.mailing_type, step.email_mailing_id == mailing), ("sms", False))

    def test_only_the_dialog_changes_a_type(self):
        scenario = self._make_scenario(("tag", {}, "marks"))
        step = self._step(scenario, "marks")
        for context in ({}, {"marketing_replacing": True}, {"marketing_replacing": 1}):
            with self.assertRaisesRegex(UserError, "Replace by"):
                step.with_context(**context).step_type = "pause"
        for step_type in ("start", "nothing", False):
            with self.assertRaises(UserError):
                self._ask(step, step_type).action_replace()
        with self.assertRaises(UserError):
            scenario.start_step_id.action_replace()
