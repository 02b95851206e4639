from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestCompanyAndLanguage(ScenarioCase):
    """Who speaks, and in which language (S2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Beta", "email": "beta@beta.example.com"})
        cls.seller = new_test_user(
            cls.env,
            "seller",
            groups="sales_team.group_sale_salesman",
            company_id=cls.other.id,
            company_ids=[(6, 0, (cls.other + cls.env.company).ids)],
        )

    def _sent(self, scenario, target):
        run = self._enroll(scenario, target)
        self.run_due()
        trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
        return trace.mail_mail_id

    def _mailing(self, **vals):
        subject = "{{ object.marketing_company_id.name }}"
        body = '<p><t t-out="object.marketing_company_id.name"/></p>'
        return self._make_scenario(("email", {"email_subject": subject, "email_body_html": body}, "mail"), **vals)

    def test_the_order_of_companies_is_target_scenario_salesperson_current(self):
        here, there = self.env.company, self.other
        plain = self._make_contact("Plain", "plain@example.com")
        theirs = self._make_contact("Theirs", "theirs@example.com", company_id=here.id)
        sold = self._make_contact("Sold", "sold@example.com", user_id=self.seller.id)
        self.assertEqual(self._sent(self._mailing(company_id=there.id), plain).subject, there.name)
        self.assertEqual(self._sent(self._mailing(company_id=False), theirs).subject, here.name)
        self.assertEqual(self._sent(self._mailing(company_id=False), sold).subject, there.name)
        self.assertEqual(self._sent(self._mailing(company_id=here.id), sold).subject, here.name)
        self.assertEqual(self._sent(self._mailing(company_id=False), plain).subject, here.name)

    def test_the_default_sender_is_the_one_of_the_company_that_speaks(self):
        for company, address in ((self.env.company, "a@example.com"), (self.other, "b@example.com")):
            sender = self.env["marketing.sender"].create(
                {"name": company.name, "email": address, "company_id": company.id, "is_default": True}
            )
            sender.write({"state": "validated"})
        scenario = self._mailing(company_id=False)
        theirs = self._make_contact("Theirs", "theirs@example.com", company_id=self.other.id)
        self.assertIn("b@example.com", self._sent(scenario, theirs).email_from)
        self.assertIn("a@example.com", self._sent(scenario, self.contact).email_from)

    def test_the_language_of_the_account_comes_before_the_database(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        account = self._make_contact("ACME", is_company=True, lang="fr_FR")
        contact = self._make_contact("No language", parent_id=account.id)
        contact.lang = False
        lead = self._make_lead(partner_id=contact.id)
        lead.lang_id = False
        self.assertEqual((contact.marketing_lang, lead.marketing_lang), ("fr_FR", "fr_FR"))
        contact.lang = "en_US"
        self.assertEqual(contact.marketing_lang, "en_US")
