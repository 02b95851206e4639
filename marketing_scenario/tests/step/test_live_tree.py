"""A tree that people walk: what would break it is refused, or mended in the same act (S25, S41)."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
DAY = {"pause_days": 1}


@tagged("post_install", "-at_install")
class TestLiveTree(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"

    def _wizard(self, kind, step, **values):
        form = Form(self.env[f"marketing.scenario.step.{kind}"].with_context(default_step_id=step.id))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _insert(self, scenario, behind, step_type, name):
        """Between two steps of a tree that people walk, as a program does."""
        parent = self._step(scenario, behind)
        values = {"scenario_id": scenario.id, "parent_id": parent.id, "step_type": step_type, "name": name}
        parent._insert("next", lambda: parent.create({**values, "outcome": "next"}))
        scenario._keep_closed()

    def errors(self, scenario):
        return [issue["code"] for issue in scenario.check() if issue["level"] == "error"]

    def test_the_target_of_a_go_to_stays(self):
        scenario = self._make_scenario(
            ("pause", DAY, "target"), ("pause", DAY, "p"), ("goto", {}, "back"), active=False
        )
        self._step(scenario, "back").goto_step_id = self._step(scenario, "target")
        scenario.action_activate()
        wizard = self._wizard("delete", self._step(scenario, "target"))
        self.assertIn("“back” sends people to “target”", wizard.kept_by)
        with self.assertRaisesRegex(UserError, "another step first"):
            wizard.action_delete()
        self.assertTrue(self._step(scenario, "target"))

    def test_a_message_that_a_rule_names_stays(self):
        for message, kind, field in (("email", "email_status", "email"), ("sms", "sms_status", "sms")):
            with self.subTest(message):
                settings = MAIL if message == "email" else {"sms_body": "Hello"}
                scenario = self._make_scenario(
                    (message, settings, "first"), (message, settings, "second"), ("if", {}, "ask"), active=False
                )
                rule = {"kind": kind, f"{field}_step_id": self._step(scenario, "first").id}
                self._step(scenario, "ask").rule_ids = [(0, 0, rule)]
                with self.assertRaisesRegex(UserError, "“ask” asks about “first”"):
                    self._step(scenario, "first")._delete(True, self.env["marketing.scenario.step"])
                self._step(scenario, "ask").unlink()
                self._step(scenario, "first").unlink()

    def test_every_branch_keeps_an_end(self):
        rule = {"kind": "score", "score_value": 1}
        ask = ("if", {"rule_ids": [(0, 0, rule)]}, "ask", {"yes": [("pause", DAY, "y")], "no": [("pause", DAY, "n")]})
        scenario = self._make_scenario(("pause", DAY, "before"), ask)
        self._step(scenario, "y").unlink()
        self.assertEqual(self.errors(scenario), [], "one side of an IF")
        scenario.step_ids.filtered(lambda step: step.step_type == "end")[:1].unlink()
        self.assertEqual(self.errors(scenario), [], "an End")
        self._step(scenario, "ask")._delete(False, self.env["marketing.scenario.step"])
        self.assertEqual(self.errors(scenario), [], "an IF")
        self._insert(scenario, "before", "if", "new")
        self.assertEqual(self.errors(scenario), ["no_rule"], "a new IF has both sides")
        self._step(scenario, "new")._delete(False, self.env["marketing.scenario.step"])
        self._insert(scenario, "before", "pause", "last")
        self._step(scenario, "last")._move_to(scenario.start_step_id, "next", alone=True)
        self.assertNotIn("missing_end", self.errors(scenario), "a move")

    def test_a_draft_may_stay_open(self):
        scenario = self._make_scenario(("pause", DAY, "p"), active=False)
        self._step(scenario, "End").unlink()
        self.assertEqual(self.errors(scenario), ["missing_end"])

    def test_who_stands_on_a_moved_step_moves_along(self):
        scenario = self._make_scenario(("pause", DAY, "p1"), ("pause", DAY, "p2"))
        run = self._enroll(scenario, self.contact)
        self.run_due()
        scenario.action_deactivate()
        p1, p2 = self._step(scenario, "p1"), self._step(scenario, "p2")
        scenario.canvas_move(p1.id, p2.id, "next", True)
        self.assertEqual((run.step_id, p1.parent_id), (p1, p2))

    def test_moved_then_closed_in_one_transaction(self):
        scenario = self._make_scenario(("pause", DAY, "p1"), ("pause", DAY, "p2"), active=False)
        self._step(scenario, "End").unlink()
        self._step(scenario, "p1")._move_to(self._step(scenario, "p2"), "next", alone=True)
        scenario.action_add_missing_ends()
        self.env.flush_all()
        self.assertEqual(
            scenario.step_ids.sorted("position").mapped("name"), ["Start", "p2", "p1", "End"], "no UniqueViolation"
        )
