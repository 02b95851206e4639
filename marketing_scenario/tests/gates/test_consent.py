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
            "refused_email": {"email": "b@example.com", "marketing_refuse_email": True},
            "refused_all": {"email": "c@example.com", "marketing_refuse_all": True},
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

    def test_the_owner_of_a_borrowed_address_is_asked_too(self):
        cases = {
            "refused_email": {"marketing_refuse_email": True},
            "refused_all": {"marketing_refuse_all": True},
            "invalid_email": {"marketing_invalid_email": True},
        }
        for reason, vals in cases.items():
            with self.subTest(reason):
                mail = f"{reason}@corp.example.com"
                account = self._make_contact("Corp", mail, is_company=True, marketing_optin=False)
                contact = self._make_contact("Borrower", parent_id=account.id)
                lead = self._make_lead(partner_id=contact.id, email_from=False)
                self.assertEqual((contact.marketing_email, self._reason(contact)), (mail, None))
                account.write(vals)
                self.assertEqual(self._reason(contact), reason)
                self.assertEqual(self._reason(lead), reason)
                self.assertNotEqual(self._reason(account), None)

    def test_the_owner_of_a_borrowed_number_is_asked_too(self):
        france = self.env.ref("base.fr").id
        account = self._make_contact(
            "Corp", is_company=True, phone="06 12 34 56 70", country_id=france, marketing_optin=False
        )
        contact = self._make_contact("Borrower", parent_id=account.id)
        self.assertIsNone(self._reason(contact, "sms"))
        account.marketing_refuse_sms = True
        self.assertEqual((self._reason(contact, "sms"), self._reason(contact, "phone")), ("refused_sms", None))
        account.write({"marketing_refuse_sms": False, "marketing_invalid_phone": True})
        self.assertEqual(self._reason(contact, "sms"), "invalid_phone")
        account.marketing_invalid_phone = False
        self.env["phone.blacklist"]._add(["+33612345670"])
        self.assertEqual(self._reason(contact, "sms"), "blacklisted")

    def test_an_address_speaks_for_every_record_that_has_it(self):
        refused = self._make_contact("Refused", "Same@Example.com", marketing_refuse_email=True)
        contact = self._make_contact("Other", "same@example.com")
        lead = self._make_lead(email_from='"Third" <SAME@example.com>')
        self.assertEqual((self._reason(contact), self._reason(lead)), ("refused_email", "refused_email"))
        refused.active = False
        self.assertEqual(self._reason(contact), "refused_email", "an archived opt-out is still one")
        refused.marketing_refuse_email = False
        self.assertIsNone(self._reason(contact))

    def test_a_thousand_cost_as_many_statements_as_one(self):
        account = self._make_contact("Corp", "corp@example.com", is_company=True)
        people = self.env["res.partner"].create(
            [{"name": f"P {i}", "email": i % 2 and f"p{i}@example.com", "parent_id": account.id} for i in range(1000)]
        )
        leads = self.env["crm.lead"].create([{"name": "L", "partner_id": person.id} for person in people])
        costs = []
        for records in (people[:1], people, leads[:1], leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records._blocked("email")
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1] - costs[0], 1, costs)
        self.assertLessEqual(costs[3] - costs[2], 2, costs)
        self.assertLessEqual(max(costs), 8, costs)

    def test_a_confirmed_consent_takes_back_what_stood_on_the_address(self):
        contact = self._make_contact("Back", "back@example.com", marketing_optin=False)
        twin = self._make_lead(email_from="back@example.com", marketing_refuse_all=True)
        contact._set_opt_out("email")
        self.env["mail.blacklist"]._add("back@example.com")
        contact._set_optin("Form", confirmed=False)
        self.assertEqual((contact.marketing_optin, self._reason(contact)), (True, "refused_all"))
        self.assertTrue(contact.marketing_refuse_email)
        contact._set_optin("Form")
        self.assertIsNone(self._reason(contact))
        self.assertEqual((twin.marketing_refuse_all, twin.marketing_refuse_sms), (False, True))
        self.assertFalse(self.env["mail.blacklist"].search([("email", "=", "back@example.com")]))

    def test_an_address_that_is_corrected_is_no_longer_invalid(self):
        contact = self._make_contact("Typo", "typo@example.con", phone="+33612345601")
        lead = self._make_lead(partner_id=contact.id)
        self.env["res.partner"]._mark_invalid("email_normalized", ["typo@example.con"])
        self.env["res.partner"]._mark_invalid("phone_sanitized", ["+33612345601"])
        self.assertEqual((self._reason(contact), self._reason(lead)), ("invalid_email", "invalid_email"))
        contact.email = "Typo <typo@example.con>"
        self.assertEqual(self._reason(contact), "invalid_email", "the same address, written otherwise")
        contact.write({"email": "typo@example.com", "phone": "+33612345602"})
        self.assertEqual((self._reason(contact), self._reason(contact, "sms")), (None, None))
        self.assertFalse(contact.marketing_invalid_email or contact.marketing_invalid_phone)
        self.assertIsNone(self._reason(lead))

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
