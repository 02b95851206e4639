from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleContactType(RuleCase):
    def test_professional_and_individual(self):
        employee = self._make_contact("Worker", parent_id=self.account.id)
        company_lead = self._make_lead(contact_name="A", partner_name="Corp")
        answers = {self.contact: "no", self.account: "yes", employee: "yes", self.lead: "no", company_lead: "yes"}
        self.assertAnswers({"kind": "contact_type", "contact_type": "professional"}, answers)
        opposite = {record: "no" if answer == "yes" else "yes" for record, answer in answers.items()}
        self.assertAnswers({"kind": "contact_type", "contact_type": "individual"}, opposite)

    def test_check(self):
        self.assertEqual(len(self._rule_messages(self._asking({"kind": "contact_type"}))), 1)
        rule = self._step(self._asking({"kind": "contact_type", "contact_type": "individual"}), "if").rule_ids
        self.assertEqual((rule.summary, rule._validate()), ("is: individual", []))
