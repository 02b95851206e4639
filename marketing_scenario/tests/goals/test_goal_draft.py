"""Goals belong to the definition: copies, drafts, versions (S8, S54)."""

from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestGoalDraft(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("email", {"email_subject": "Hello", "email_body_html": "<p>Hello</p>"}, "mail"), active=False
        )
        self.mail = self._step(self.scenario, "mail")
        rule = {"kind": "email_status", "email_is_opened": True, "email_step_id": self.mail.id}
        self.goal = self.env["marketing.scenario.goal"].create(
            {"name": "read", "scenario_id": self.scenario.id, "rule_ids": [(0, 0, rule)], "days": 20}
        )
        self.scenario._set_state("active")

    def _draft(self):
        return self.env["marketing.scenario"].browse(self.scenario.action_edit()["res_id"])

    def test_a_copy_asks_about_its_own_mail(self):
        copied = self.scenario.copy()
        self.assertEqual((copied.goal_ids.name, copied.goal_ids.days), ("read", 20))
        self.assertEqual(copied.goal_ids.rule_ids.email_step_id, self._step(copied, "mail"))

    def test_a_draft_holds_and_publishes_goals_and_they_keep_their_ids(self):
        draft = self._draft()
        self.assertEqual((draft.change_count, len(draft.goal_ids)), (0, 1))
        self.assertEqual(draft.goal_ids.rule_ids.email_step_id, self._step(draft, "mail"))
        draft.goal_ids.days = 30
        self.env["marketing.scenario.goal"].create(
            {"name": "met", "scenario_id": draft.id, "rule_ids": [(0, 0, {"kind": "score", "score_value": 3})]}
        )
        draft.invalidate_recordset()
        texts = [change["text"] for change in draft.changes]
        self.assertEqual(
            texts,
            ["Settings: Goals, “read”: Within (days): 20 → 30", "Settings: Goals: added “met”"],
        )
        draft._publish()
        self.scenario.invalidate_recordset()
        goals = self.scenario.goal_ids
        self.assertEqual(goals.mapped("name"), ["read", "met"])
        self.assertEqual((goals[0], goals[0].days), (self.goal, 30))
        self.assertEqual(goals[0].rule_ids.email_step_id, self.mail)

    def test_a_removed_goal_leaves_what_was_reached(self):
        run = self._walk(self.scenario, self.contact)
        self.goal._reach(run)
        draft = self._draft()
        draft.goal_ids.unlink()
        draft._publish()
        self.assertFalse(self.goal.exists())
        self.assertEqual(len(run.conversion_ids), 1)

    def test_the_step_a_goal_asks_about_stays(self):
        self.scenario.action_deactivate()
        self.assertIn("read", " ".join(self.mail._kept_by()))
