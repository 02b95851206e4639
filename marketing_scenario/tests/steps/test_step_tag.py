from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepTag(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.lead_tag = cls.env["crm.tag"].create({"name": "VIP lead"})

    def _scenario(self, **vals):
        return self._scenario_of("tag", {"tag_id": self.tag.id, "tag_lead_id": self.lead_tag.id, **vals})

    def test_contact_account_and_lead(self):
        self._walk(self._scenario())
        self.assertEqual(
            (self.contact.category_id, self.account.category_id, self.lead.tag_ids), (self.tag, self.tag, self.lead_tag)
        )

    def test_remove(self):
        self.contact.category_id = self.tag
        self.lead.tag_ids = self.lead_tag
        self._walk(self._scenario(tag_action="remove"))
        self.assertFalse(self.contact.category_id or self.lead.tag_ids)

    def test_twice_is_once(self):
        self._walk(self._scenario(), self.contact)
        self._walk(self._scenario(), self.contact)
        self.assertEqual(self.contact.category_id, self.tag)

    def test_without_a_lead_tag_the_contact_gets_it(self):
        self.lead.partner_id = self.contact
        enrollment = self._walk(self._scenario(tag_lead_id=False), self.lead)
        self.assertEqual((self.contact.category_id, enrollment.state), (self.tag, "done"))

    def test_no_tag_for_this_kind(self):
        self.assertSkipped(self._walk(self._scenario(tag_lead_id=False), self.lead), "no_tag")
        self.assertSkipped(self._walk(self._scenario(tag_id=False), self.contact), "no_tag")

    def test_check_and_summary(self):
        self.assertEqual(self._issue_codes(self._scenario(tag_id=False, tag_lead_id=False)), ["no_tag"])
        self.assertEqual(self._step(self._scenario(), "step").summary, "+ VIP / VIP lead")

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=25)


@tagged("post_install", "-at_install", "-standard", "marketing_companions")
class TestStepTagWithAutomationRules(StepCase):
    """Needs base_automation, which is no dependency: the tag keeps it out of runs that may not have it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})

    def test_odoo_automation_rules_see_the_tag(self):
        scenario = self._scenario_of("tag", {"tag_id": self.tag.id})
        contact_fields = self.env["ir.model.fields"]
        rule = self.env["base.automation"].create(
            {
                "name": "Note the tag",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "trigger": "on_write",
                "trigger_field_ids": [(4, contact_fields._get("res.partner", "category_id").id)],
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Note",
                            "model_id": self.env["ir.model"]._get_id("res.partner"),
                            "state": "code",
                            "code": "records.write({'ref': 'seen'})",
                        },
                    )
                ],
            }
        )
        self._walk(scenario, self.contact)
        self.assertEqual((self.contact.category_id, self.contact.ref), (self.tag, "seen"))
        rule.active = False
        self._walk(scenario, self.account)
        self.assertEqual((self.account.category_id, self.account.ref), (self.tag, False))
