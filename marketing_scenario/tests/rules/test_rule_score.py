from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleScore(RuleCase):
    def test_contact_account_and_lead(self):
        self.contact._add_score(10, "x")
        self.lead._add_score(9, "x")
        people = (self.contact, self.account, self.lead)
        for operator, answers in ((">=", ("yes", "no", "no")), ("<", ("no", "yes", "yes")), ("=", ("yes", "no", "no"))):
            with self.subTest(operator):
                rule = {"kind": "score", "score_operator": operator, "score_value": 10}
                self.assertAnswers(rule, dict(zip(people, answers, strict=True)))

    def test_a_lead_has_the_score_of_its_contact(self):
        self.contact._add_score(10, "x")
        self.lead.partner_id = self.contact
        self.assertAnswers({"kind": "score", "score_value": 10}, {self.lead: "yes"})
