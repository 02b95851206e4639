from odoo.tests import tagged

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestConsent(ScenarioCase):
    def _reason(self, record, channel="email"):
        return record._blocked(channel).get(record.id)

    def test_refusals_on_each_kind(self):
        blacklisted = "black@example.com"
        self.env["mail.blacklist"]._add(blacklisted)
        cases = {
            "no_consent": {"email": "a@example.com", "marketing_optin": False},
            "no_email": {"email": False},
            "invalid_email": {"email": "not an address"},
            "refused_email": {"email": "a@example.com", "marketing_refuse_email": True},
            "refused_all": {"email": "a@example.com", "marketing_refuse_all": True},
            "blacklisted": {"email": blacklisted},
            None: {"email": "a@example.com"},
        }
        for reason, vals in cases.items():
            with self.subTest(reason=reason):
                contact = self._make_contact("Contact", **vals)
                self.assertEqual(self._reason(contact), reason)
                account = self._make_contact("Account", is_company=True, **vals)
                self.assertEqual(self._reason(account), reason)
                lead = self._make_lead(**{("email_from" if key == "email" else key): v for key, v in vals.items()})
                self.assertEqual(self._reason(lead), reason)

    def test_a_leads_contact_speaks_for_it(self):
        self.contact.marketing_refuse_email = True
        lead = self._make_lead(partner_id=self.contact.id, email_from="other@example.com")
        self.assertEqual(self._reason(lead), "refused_email")
        self.contact.marketing_refuse_email = False
        lead.marketing_optin = False
        self.assertIsNone(self._reason(lead), "the contact's opt-in counts")

    def test_phone_and_sms(self):
        france = self.env.ref("base.fr")
        mobile = self._make_contact("Mobile", phone="06 12 34 56 78", country_id=france.id)
        landline = self._make_contact("Landline", phone="01 42 68 53 00", country_id=france.id)
        nothing = self._make_contact("Nothing")
        self.assertIsNone(self._reason(mobile, "sms"))
        self.assertEqual(self._reason(landline, "sms"), "no_mobile")
        self.assertIsNone(self._reason(landline, "phone"))
        self.assertEqual(self._reason(nothing, "sms"), "no_phone")
        mobile.marketing_refuse_sms = True
        self.assertEqual(self._reason(mobile, "sms"), "refused_sms")
        self.env["phone.blacklist"]._add(["+33142685300"])
        landline.invalidate_recordset()
        self.assertEqual(self._reason(landline, "phone"), "blacklisted")

    def test_optin_keeps_its_proof(self):
        contact = self._make_contact("New", "new@example.com", marketing_optin=False, marketing_refuse_email=True)
        contact._set_optin("Form Brochure", "I agree. 203.0.113.5")
        self.assertIsNone(self._reason(contact))
        self.assertEqual(contact.marketing_optin_date, self.now)
        self.assertEqual(contact.marketing_optin_proof, "I agree. 203.0.113.5")

    def test_merge_fields_mean_the_same_on_all_kinds(self):
        company = self._make_contact(
            "ACME", "info@acme.example", is_company=True, tz="Asia/Tokyo", phone="+33142685300"
        )
        contact = self._make_contact("Martin, Léa", parent_id=company.id)
        lead = self._make_lead(partner_id=contact.id, contact_name="Jean Petit")
        self.assertEqual(contact.marketing_first_name, "Léa")
        self.assertEqual(contact.marketing_company_name, "ACME")
        self.assertEqual(contact.marketing_tz, "Asia/Tokyo")
        self.assertEqual(lead.marketing_first_name, "Jean", "a lead's own value wins")
        self.assertEqual(lead.marketing_company_name, "ACME")
        self.assertEqual(lead.marketing_tz, "Asia/Tokyo")
        self.assertEqual(lead.marketing_phone, "+33142685300")
        self.assertEqual(
            (company.marketing_kind, contact.marketing_kind, lead.marketing_kind), ("account", "contact", "lead")
        )

    def test_score_is_one_number_per_person(self):
        lead = self._make_lead(partner_id=self.contact.id)
        lead._add_score(10, "Form")
        self.contact._add_score(5, "Click")
        self.assertEqual((lead.marketing_score, self.contact.marketing_score), (15, 15))
        self.assertEqual(self.contact.marketing_score_line_ids.mapped("points"), [5, 10])
        self.contact._reset_score("Reset")
        self.assertEqual((lead.marketing_score, self.contact.marketing_score_line_ids[0].points), (0, -15))
        self.assertIn(lead, self.env["crm.lead"].search([("marketing_score", "=", 0)]))
