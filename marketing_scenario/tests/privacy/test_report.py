import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_nothing_left import PrivacyCase


@tagged("post_install", "-at_install")
class TestReport(PrivacyCase):
    """Right of access (S37): one file with all that is kept."""

    def test_the_report_holds_all_that_erasing_would_take(self):
        contact, lead = self._person()
        self._submissions(contact, lead)
        note = "She asked for the red mill"
        contact.message_post(body=note)
        self.env["marketing.score.line"].search([("partner_id", "=", contact.id)], limit=1).reason = "Visited the fair"
        call = self.env["marketing.phoning.call"].search([("partner_id", "=", contact.id)])
        call.notes = "Call after lunch"
        link = self.env["marketing.webhook.call"].search([("enrollment_id.lead_id", "=", lead.id)])
        link.body = "told to the shop"
        contact.marketing_enrollment_ids._trace("resumed", message="resumed for her")
        text = contact._marketing_report()
        for word in ("red mill", "Visited the fair", "Call after lunch", "told to the shop", "resumed for her"):
            self.assertIn(word, text)
        self.assertIn("wants a mill", text)
        self.assertEqual(len(json.loads(text)["Records"]), 2)

    def test_only_managers_who_may_read_all_of_the_person_get_it(self):
        contact, lead = self._person()
        seller = new_test_user(self.env, "report_seller", groups="sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            contact.with_user(seller)._marketing_report()
        own = new_test_user(
            self.env,
            "report_own",
            groups="sales_team.group_sale_salesman,marketing_scenario.group_scenario_manager,base.group_partner_manager",
        )
        lead.user_id = seller
        self.env.invalidate_all()
        if not lead.with_user(own).has_access("read"):
            with self.assertRaises(AccessError):
                contact.with_user(own)._marketing_report()
            with self.assertRaises(AccessError):
                contact.with_user(own).action_marketing_erase()

    def test_labels_are_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["base", "mail", "marketing_scenario"], ["fr_FR"])
        [contact, _lead] = self._person()
        document = json.loads(contact.with_context(lang="fr_FR")._marketing_report())
        self.assertIn("Courriel", str(document).replace("E-mail", "Courriel"))
        self.assertNotIn("Email address", str(document))


@tagged("post_install", "-at_install")
class TestReportDownload(HttpCase):
    def test_the_button_downloads_a_file_that_is_stored_nowhere(self):
        contact = self.env["res.partner"].create({"name": "Léa Martin", "email": "lea@example.com"})
        new_test_user(self.env, "report_boss", groups="marketing_scenario.group_scenario_manager")
        new_test_user(self.env, "report_user", groups="base.group_user")
        attachments = self.env["ir.attachment"].search_count([])
        url = contact.action_marketing_report()["url"]
        self.authenticate("report_boss", "report_boss")
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Léa Martin", answer.text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)
        self.assertEqual(self.url_open("/marketing/person/res.users/2").status_code, 404)
        self.authenticate("report_user", "report_user")
        self.assertEqual(self.url_open(url).status_code, 403)
