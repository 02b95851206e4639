from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepGoto(StepCase):
    def _joined(self):
        """Two branches that share one follow-up: the "no" side joins the "yes" side (M-9)."""
        rule = {"kind": "score", "score_operator": ">=", "score_value": 10}
        branches = {"yes": [("score", {"score_points": 1}, "shared")], "no": [("goto", {}, "step")]}
        scenario = self._make_scenario(("if", {"rule_ids": [(0, 0, rule)]}, "if", branches), active=False)
        self._step(scenario, "step").goto_step_id = self._step(scenario, "shared")
        scenario._set_state("active")
        return scenario

    def test_contact_account_and_lead_join_the_other_branch(self):
        enrollments = self._walk(self._joined())
        self.assertEqual([record.marketing_score for record in (self.contact, self.account, self.lead)], [1, 1, 1])
        self.assertJourney(enrollments[0], "if:no", "step:goto", "shared:next", "End:end")

    def test_loop_with_a_pause(self):
        scenario = self._make_scenario(
            ("score", {"score_points": 1}, "again"),
            ("pause", {"pause_days": 1}, "wait"),
            ("goto", {}, "step"),
            visit_limit=3,
        )
        self._step(scenario, "step").goto_step_id = self._step(scenario, "again")
        enrollment = self._walk(scenario, self.contact)
        for _day in range(5):
            self.forward(days=1)
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "visit_limit"))
        self.assertEqual(self.contact.marketing_score, 3)

    def test_nothing_may_follow(self):
        self.assertEqual(self._step(self._joined(), "step")._outcome_codes(), [])

    def test_check(self):
        scenario = self._scenario_of("goto")
        self.assertEqual(self._issue_codes(scenario), ["no_target"])
        self._step(scenario, "step").goto_step_id = self._step(scenario, "step")
        self.assertEqual(self._issue_codes(scenario), ["no_target"])

    def test_a_copy_points_into_its_own_tree(self):
        copied = self._joined().copy()
        self.assertEqual(self._step(copied, "step").goto_step_id, self._step(copied, "shared"))

    def test_budget(self):
        self.assertBudget(self._joined(), constant=40)
