from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleDomain(RuleCase):
    def test_contact_account_and_lead(self):
        self.account.function = "Board"
        rule = {
            "kind": "domain",
            "domain_partner": "[('function', '=', 'Board')]",
            "domain_lead": "[('contact_name', 'ilike', 'paul')]",
        }
        self.assertAnswers(rule, {self.contact: "no", self.account: "yes", self.lead: "yes"})

    def test_value_of_the_contact_of_a_lead(self):
        self.lead.partner_id = self.contact
        rule = {"kind": "domain", "domain_lead": "[('partner_id.email', '=', 'lea@example.com')]"}
        self.assertAnswers(rule, {self.lead: "yes"})

    def test_check(self):
        broken = self._asking({"kind": "domain", "domain_partner": "[('no_such_field', '=', 1)]"})
        self.assertEqual(len(self._rule_messages(broken)), 1)
        self.assertEqual(len(self._rule_messages(self._asking({"kind": "domain", "domain_lead": "[("}))), 1)
        self.assertEqual(self._rule_messages(self._asking({"kind": "domain"})), [])
