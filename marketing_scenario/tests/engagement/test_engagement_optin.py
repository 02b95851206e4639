"""Consent given in a form, its proof, and the confirmation by mail (S34, S35, S37)."""

import re
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..engagement_common import EngagementHttpCase


@tagged("-at_install", "post_install")
class TestEngagementOptin(EngagementHttpCase):
    def setUp(self):
        super().setUp()
        self.Mail = self.env["mail.mail"]

    def confirmation_path(self, email):
        mail = self.Mail.search([("email_to", "=", email)])
        self.assertEqual(mail.state, "outgoing")
        return "/marketing/confirm/" + re.search(r"/marketing/confirm/([\w=-]+)", mail.body_html)[1]

    def test_ticked_box_sets_the_optin_with_its_proof(self):
        self.point.consent_text = "<p>I agree to get the <b>monthly</b> letter.</p>"
        submission = self.submit(email="ann@example.com", consent="1", page_url="https://www.example.com/a")
        lead = submission.lead_id
        self.assertTrue(lead.marketing_optin)
        self.assertEqual(lead.marketing_optin_source, "form: Brochure")
        for part in (
            "I agree to get the *monthly* letter.",
            "203.0.113.7",
            "https://www.example.com/a",
            str(submission.at),
        ):
            self.assertIn(part, lead.marketing_optin_proof)
        self.assertEqual(submission.consent_text, "I agree to get the *monthly* letter.")
        self.assertFalse(self.Mail.search([("email_to", "=", "ann@example.com")]))

    def test_box_left_empty_takes_nothing_back(self):
        known = self.env["crm.lead"].create({"name": "Known", "email_from": "ann@example.com", "marketing_optin": True})
        submission = self.submit(email="ann@example.com")
        self.assertTrue(known.marketing_optin)
        self.assertFalse(submission.consent or submission.consent_text)

    def test_optin_goes_to_contact_and_lead(self):
        self.point.creates = "both"
        submission = self.submit(email="ann@example.com", consent="on")
        self.assertTrue(submission.partner_id.marketing_optin and submission.lead_id.marketing_optin)

    def test_double_optin_waits_for_the_button(self):
        self.point.double_optin = True
        submission = self.submit(email="ann@example.com", consent="1")
        self.assertEqual(submission.state, "to_confirm")
        self.assertFalse(submission.lead_id.marketing_optin)
        self.assertFalse(self.events)
        self.env.flush_all()
        path = self.confirmation_path("ann@example.com")
        page = self.url_open(path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("<form", page.text)
        self.env.invalidate_all()
        self.assertFalse(submission.lead_id.marketing_optin, "a program that opens links confirms nothing")
        for _ in range(2):
            self.assertIn("confirmed", self.url_open(path, data={"x": "1"}).text)
        self.env.invalidate_all()
        self.assertEqual(submission.state, "done")
        self.assertTrue(submission.lead_id.marketing_optin)
        self.assertEqual(len(self.events), 1)

    def test_the_mail_that_asks_for_it_is_tried_again_when_no_server_answers(self):
        self.point.double_optin = True
        self.submit(email="ann@example.com", consent="1")
        mail = self.Mail.search([("email_to", "=", "ann@example.com")])
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=ConnectionRefusedError("closed")):
            mail.send()
        self.assertEqual((mail.state, mail.marketing_attempts), ("outgoing", 1))
        self.assertGreater(mail.scheduled_date, mail.create_date)

    def confirm(self, email):
        self.env.flush_all()
        self.url_open(self.confirmation_path(email), data={"x": "1"})
        self.env.invalidate_all()

    def test_only_the_owner_of_the_address_takes_an_opt_out_back(self):
        Partner, Lead = self.env["res.partner"], self.env["crm.lead"]
        contact = Partner.create({"name": "Ann", "email": "ann@example.com", "marketing_refuse_email": True})
        lead = Lead.create({"name": "Bob", "email_from": "bob@example.com", "marketing_refuse_all": True})
        submission = self.submit(email="ann@example.com", consent="1")
        self.assertEqual(submission.state, "to_confirm")
        self.assertTrue(contact.marketing_refuse_email)
        self.assertFalse(contact.marketing_optin)
        self.assertEqual(self.submit(email="bob@example.com", consent="1").state, "to_confirm")
        self.assertTrue(lead.marketing_refuse_all)
        self.assertEqual(len(self.events), 2, "the form asks no confirmation: its automations do not wait for one")
        self.confirm("ann@example.com")
        self.assertFalse(contact.marketing_refuse_email)
        self.assertTrue(contact.marketing_optin)
        self.assertEqual(len(self.events), 2)

    def test_blacklisted_address_is_asked(self):
        self.env["mail.blacklist"]._add("ann@example.com")
        submission = self.submit(email="ann@example.com", consent="1")
        self.assertEqual(submission.state, "to_confirm")
        self.assertFalse(submission.lead_id.marketing_optin)
        self.assertTrue(self.Mail.search([("email_to", "=", "ann@example.com")]))

    def test_opt_out_of_another_record_of_the_address_counts(self):
        self.env["res.partner"].create(
            {"name": "Old", "email": "ann@example.com", "marketing_refuse_email": True, "active": False}
        )
        self.assertEqual(self.submit(email="ann@example.com", consent="1").state, "to_confirm")

    def test_who_opted_out_is_asked_once_a_day(self):
        self.env["mail.blacklist"]._add("ann@example.com")
        first = self.submit(email="ann@example.com", consent="1")
        for _ in range(2):
            self.submit(email="ann@example.com", consent="1")
        self.assertEqual(self.Mail.search_count([("email_to", "=", "ann@example.com")]), 1)
        self.env["marketing.engagement.submission"].search([]).at = first.at - timedelta(days=2)
        self.submit(email="ann@example.com", consent="1")
        self.assertEqual(self.Mail.search_count([("email_to", "=", "ann@example.com")]), 2)

    def test_thanks_do_not_tell_who_opted_out(self):
        self.env["mail.blacklist"]._add("ann@example.com")
        self.env.flush_all()
        pages = [
            self.url_open(self.post(email=email, consent="1").headers["Location"]).text
            for email in ("ann@example.com", "new@example.com")
        ]
        self.assertEqual(pages[0], pages[1])
        self.assertIn("asks you to confirm your address", pages[0])

    def test_phone_alone_takes_no_opt_out_back(self):
        self.point.field_ids.filtered(lambda field: field.key == "email").required = False
        known = self.env["res.partner"].create(
            {"name": "Ann", "phone": "+33612345678", "marketing_refuse_email": True, "marketing_refuse_all": True}
        )
        self.assertEqual(self.submit(phone="06 12 34 56 78", consent="1").partner_id, known)
        self.assertTrue(known.marketing_refuse_email and known.marketing_refuse_all)

    def test_it_was_not_me(self):
        self.point.double_optin = True
        submission = self.submit(email="ann@example.com", consent="1")
        self.env.flush_all()
        path = self.confirmation_path("ann@example.com")
        self.url_open(path, data={"refuse": "1"})
        self.url_open(path, data={"x": "1"})
        self.env.invalidate_all()
        self.assertEqual(submission.state, "refused")
        self.assertFalse(submission.lead_id.marketing_optin)
        self.assertFalse(self.events)

    def test_double_optin_concerns_consent_only(self):
        self.point.double_optin = True
        self.assertEqual(self.submit(email="ann@example.com").state, "done")
        self.assertEqual(len(self.events), 1)
        self.point.fire_on = "fill"
        submission = self.submit(email="bob@example.com", consent="1")
        self.assertEqual((submission.state, len(self.events)), ("to_confirm", 2))
        submission._confirm(accepted=True)
        self.assertEqual((submission.state, len(self.events)), ("done", 2))

    def test_false_links(self):
        self.point.double_optin = True
        submission = self.submit(email="ann@example.com", consent="1")
        self.env.flush_all()
        path = self.confirmation_path("ann@example.com")
        middle = len(path) - 30
        for false in (
            path[:-2],
            path[:middle] + ("A" if path[middle] != "A" else "B") + path[middle + 1 :],
            "/marketing/confirm/" + "A" * 120,
            "/marketing/confirm/é",
        ):
            self.assertEqual(self.url_open(false, data={"x": "1"}).status_code, 404, false)
        submission._forget()
        self.env.flush_all()
        self.assertEqual(self.url_open(path, data={"x": "1"}).status_code, 404)

    def test_mail_names_are_escaped(self):
        self.point.write({"double_optin": True, "title": "<script>{{ 7*7 }}"})
        self.submit(email="ann@example.com", consent="1")
        body = self.Mail.search([("email_to", "=", "ann@example.com")]).body_html
        self.assertIn("{{ 7*7 }}", body)
        self.assertNotIn("<script", body)

    def test_erasure_leaves_nothing_personal(self):
        submission = self.submit(
            first_name="Ann",
            email="ann@example.com",
            consent="1",
            page_url="https://www.example.com/?email=ann@example.com",
        )
        submission._forget()
        self.env.flush_all()
        row = submission.read(load="")[0]
        self.assertFalse([name for name, value in row.items() if "ann" in str(value).lower()])
        self.assertEqual(self.point.fill_count, 1)

    def test_deleted_people_are_forgotten(self):
        self.point.creates = "both"
        submission = self.submit(first_name="Ann", email="ann@example.com")
        submission.lead_id.unlink()
        self.assertEqual(submission.name, "Ann")
        submission.partner_id.unlink()
        self.assertFalse(submission.name or submission.email or submission.values)

    def test_merged_leads_keep_their_submissions(self):
        submission = self.submit(email="ann@example.com")
        head = self.env["crm.lead"].create({"name": "Head", "type": "opportunity", "probability": 90})
        merged = (head | submission.lead_id).merge_opportunity()
        self.assertEqual((submission.lead_id, submission.email), (merged, "ann@example.com"))

    def test_merged_contacts_keep_their_submissions(self):
        self.point.creates = "contact"
        submission = self.submit(email="ann@example.com")
        head = self.env["res.partner"].create({"name": "Ann", "email": "ann@example.com"})
        self.env["base.partner.merge.automatic.wizard"]._merge((head | submission.partner_id).ids, head)
        self.assertEqual((submission.partner_id, submission.email), (head, "ann@example.com"))

    def test_rights(self):
        submission = self.submit(email="ann@example.com")
        user = new_test_user(
            self.env, "reader", groups="marketing_scenario.group_scenario_user,sales_team.group_sale_salesman_all_leads"
        )
        manager = new_test_user(self.env, "builder", groups="marketing_scenario.group_scenario_manager")
        own = new_test_user(self.env, "own_only", groups="sales_team.group_sale_salesman")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "elsewhere",
            groups="marketing_scenario.group_scenario_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.assertTrue(submission.with_user(user).has_access("read"))
        self.assertFalse(self.point.with_user(user).has_access("write"))
        self.assertTrue(self.point.with_user(manager).has_access("write"))
        self.assertFalse(self.point.with_user(stranger).has_access("read"))
        self.assertFalse(submission.with_user(stranger).has_access("read"))
        submission.lead_id.user_id = manager
        self.assertFalse(submission.with_user(own).has_access("read"))
        self.assertFalse(submission.with_user(own).search([("id", "=", submission.id)]))
        self.assertTrue(submission.with_user(user).search([("id", "=", submission.id)]))
        self.assertEqual(self.point.with_user(own).fill_count, 1)
        self.assertFalse(self.point.with_user(self.env.ref("base.public_user")).has_access("read"))
