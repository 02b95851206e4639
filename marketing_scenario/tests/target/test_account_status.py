from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestAccountStatus(AutomatismCase):
    """Status of accounts (S5) and the rule on it (S24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prospect = cls.env.ref("marketing_scenario.account_status_prospect")
        cls.customer = cls.env.ref("marketing_scenario.account_status_customer")
        cls.supplier = cls.env.ref("marketing_scenario.account_status_supplier")
        cls.account = cls._make_contact("ACME", is_company=True, account_status_id=cls.prospect.id)
        cls.person = cls._make_contact("Ann", parent_id=cls.account.id)

    def test_contact_reads_its_accounts(self):
        self.assertEqual(self.person.marketing_account_status_id, self.prospect)
        self.account.account_status_id = self.supplier
        self.assertEqual(self.person.marketing_account_status_id, self.supplier)
        domain = [
            ("marketing_account_status_id", "=", self.supplier.id),
            ("id", "in", (self.account + self.person).ids),
        ]
        self.assertEqual(self.env["res.partner"].search(domain), self.account + self.person)

    def test_won_opportunity_makes_a_customer(self):
        lead = self._make_lead(partner_id=self.person.id)
        self.assertEqual(lead.marketing_account_status_id, self.prospect)
        lead.action_set_won()
        self.assertEqual(self.account.account_status_id, self.customer)
        self.assertEqual(lead.marketing_account_status_id, self.customer)

    def test_only_prospects_and_only_if_wanted(self):
        self.account.account_status_id = self.supplier
        self._make_lead(partner_id=self.person.id).action_set_won()
        self.assertEqual(self.account.account_status_id, self.supplier)
        self.account.account_status_id = self.prospect
        self.env.company.marketing_won_makes_customer = False
        self._make_lead(partner_id=self.person.id).action_set_won()
        self.assertEqual(self.account.account_status_id, self.prospect)

    def test_won_is_an_event_of_the_account(self):
        automatism = self._make_automatism(
            "account_status", account_status_from_id=self.prospect.id, account_status_to_id=self.customer.id
        )
        self._make_lead(partner_id=self.person.id).action_set_won()
        self.process()
        self.assertEqual(automatism.fired_count, 1)
        self.assertTrue(self.inside(self.account))

    def test_salesperson_wins_without_right_on_the_account(self):
        user = self.env["res.users"].create(
            {
                "name": "Sales",
                "login": "sales_won",
                "group_ids": [(6, 0, self.env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        lead = self._make_lead(partner_id=self.person.id, user_id=user.id)
        with self.assertRaises(AccessError):
            self.prospect.with_user(user).name = "Mine"
        lead.with_user(user).action_set_won()
        self.assertEqual(self.account.account_status_id, self.customer)

    def test_rule(self):
        scenario = self._make_scenario(
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "account_status", "account_status_ids": self.prospect.ids})]},
                "prospect?",
                {"yes": [], "no": []},
            ),
            name="By status",
        )
        colleague = self._make_contact("Colleague", parent_id=self.account.id)
        lead = self._make_lead(partner_id=colleague.id)
        bare = self._make_lead("bare")
        records = [self.account, self.person, self.contact, lead, bare]
        runs = [self._enroll(scenario, record) for record in records]
        self.run_due()
        self.assertEqual([self.path(run)[1].split(":")[1] for run in runs], ["yes", "yes", "no", "yes", "no"])
        rule = self._step(scenario, "prospect?").rule_ids
        self.assertIn("Prospect", rule.summary)
        rule.account_status_ids = False
        self.assertTrue(rule._validate())
