from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleTag(RuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.lead_tag = cls.env["crm.tag"].create({"name": "VIP lead"})
        cls.rule = {"kind": "tag", "tag_id": cls.tag.id, "tag_lead_id": cls.lead_tag.id}

    def test_contact_account_and_lead(self):
        self.contact.category_id = self.tag
        self.lead.tag_ids = self.lead_tag
        self.assertAnswers(self.rule, {self.contact: "yes", self.account: "no", self.lead: "yes"})

    def test_a_lead_counts_its_contact(self):
        self.contact.category_id = self.tag
        self.lead.partner_id = self.contact
        self.assertAnswers({**self.rule, "tag_lead_id": False}, {self.lead: "yes"})

    def test_absent(self):
        self.contact.category_id = self.tag
        self.assertAnswers({**self.rule, "negate": True}, {self.contact: "no", self.account: "yes"})

    def test_check(self):
        self.assertEqual(len(self._rule_messages(self._asking({"kind": "tag"}))), 1)
