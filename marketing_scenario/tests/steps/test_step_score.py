from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepScore(StepCase):
    def test_contact_account_and_lead(self):
        self._walk(self._scenario_of("score", {"score_points": 15}))
        self.assertEqual([record.marketing_score for record in (self.contact, self.account, self.lead)], [15] * 3)
        line = self.lead.marketing_score_line_ids
        self.assertEqual((line.points, line.reason, line.source, line.at), (15, "step", "Scenario", self.now))

    def test_lead_with_a_contact_scores_the_contact(self):
        self.lead.partner_id = self.contact
        self._walk(self._scenario_of("score", {"score_points": 5}), self.lead)
        self.assertEqual((self.contact.marketing_score, self.lead.marketing_score), (5, 5))
        self.assertFalse(self.lead.marketing_score_line_ids)

    def test_points_are_taken_away(self):
        self._walk(self._scenario_of("score", {"score_points": -4}), self.contact)
        self.assertEqual(self.contact.marketing_score, -4)

    def test_reset(self):
        self.contact._add_score(42, "before")
        self._walk(self._scenario_of("score", {"score_action": "reset"}), self.contact)
        self.assertEqual(self.contact.marketing_score, 0)
        self.assertEqual(self.contact.marketing_score_line_ids[0].points, -42)

    def test_add_and_reset_exclude_each_other(self):
        with self.assertRaises(ValidationError):
            self._scenario_of("score", {"score_action": "reset", "score_points": 3})

    def test_check(self):
        self.assertEqual(self._issue_codes(self._scenario_of("score")), ["no_points"])
        self.assertEqual(self._issue_codes(self._scenario_of("score", {"score_action": "reset"})), [])

    def test_summary(self):
        scenario = self._scenario_of("score", {"score_points": 15})
        self.assertEqual(self._step(scenario, "step").summary, "+15 points")

    def test_budget(self):
        self.assertBudget(self._scenario_of("score", {"score_points": 1}), constant=25)
