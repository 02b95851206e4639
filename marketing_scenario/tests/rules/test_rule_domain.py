from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

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

    def test_a_filter_that_cannot_be_read_is_refused_when_saved(self):
        for text in ("[('no_such_field', '=', 1)]", "[(", "[('id', '=', 'abc')]", "[('id', '>', 7**30000000)]"):
            with self.subTest(text), mute_logger("odoo.sql_db"), self.assertRaisesRegex(ValidationError, "Contacts"):
                self._asking({"kind": "domain", "domain_partner": text})

    def test_check(self):
        broken = self._asking({"kind": "domain", "domain_partner": "[('name', '=', 'x')]"})
        rule = self._step(broken, "if").rule_ids
        self.assertEqual(rule._validate(), [])
        # a field that went away with its addon
        rule.flush_recordset()
        self.env.cr.execute(
            "UPDATE marketing_scenario_rule SET domain_partner = '[(''no_such_field'', ''='', 1)]' WHERE id = %s",
            [rule.id],
        )
        rule.invalidate_recordset()
        self.assertEqual(len(rule._validate()), 1)
        self.assertEqual(len(self._rule_messages(self._asking({"kind": "domain"}))), 1, "it asks nothing")

    def test_without_a_filter_for_its_kind_a_record_does_not_match(self):
        rule = {"kind": "domain", "domain_partner": "[('is_company', '=', True)]"}
        self.assertAnswers(rule, {self.contact: "no", self.account: "yes", self.lead: "no"})

    def test_the_owner_of_the_scenario_sees_no_more_than_by_hand(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self._make_lead("Secret", type="opportunity", partner_id=self.contact.id, company_id=other.id)
        manager = new_test_user(self.env, "rule_manager", groups="marketing_scenario.group_scenario_manager")
        rule = {"kind": "domain", "domain_partner": "[('opportunity_ids.name', '=', 'Secret')]"}
        self.assertAnswers(rule, {self.contact: "yes"})
        scenario = self._asking(rule, name="Mine")
        scenario.user_id = manager
        self.assertEqual(self._walk(scenario, self.contact).step_id.name, "no")

    def test_only_its_owner_types_the_filters_of_a_scenario(self):
        mine = new_test_user(self.env, "rule_owner", groups="marketing_scenario.group_scenario_manager")
        colleague = new_test_user(self.env, "rule_colleague", groups="marketing_scenario.group_scenario_manager")
        scenario = self._asking({"kind": "domain", "domain_partner": "[('name', '=', 'x')]"})
        scenario.user_id = mine
        rule = self._step(scenario, "if").rule_ids
        with self.assertRaisesRegex(AccessError, "owner"):
            rule.with_user(colleague).domain_partner = "[('name', '=', 'y')]"
        rule.with_user(mine).domain_partner = "[('name', '=', 'y')]"
        with self.assertRaises(AccessError):
            rule.with_user(colleague).create(
                {"step_id": rule.step_id.id, "kind": "domain", "domain_partner": "[('name', '=', 'z')]"}
            )
