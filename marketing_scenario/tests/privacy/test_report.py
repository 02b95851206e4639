import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .test_nothing_left import WORD, PrivacyCase

# Texts that say nothing about the person, which a program needs.
UNTOLD = {
    # random keys and digests
    "marketing.document.link.token_hash",
    "marketing.engagement.submission.confirm_token",
    "marketing.engagement.submission.ip_hash",
    "marketing.engagement.submission.nonce_hash",
    "marketing.webhook.call.delivery",
    "mail.mail.references",
    "sms.sms.uuid",
    # ids and moments
    "marketing.automatism.event.chain",
    "marketing.automatism.event.handled",
    "marketing.scenario.enrollment.place_left",
    "mail.mail.headers",
    "mail.message.email_layout_xmlid",
    "mail.tracking.value.field_info",
    # told elsewhere in the file, or of the house
    "mail.activity.res_name",
    "sms.sms.marketing_sender_name",
    # a change has its value in the column of its type
    "mail.tracking.value.old_value_text",
    "mail.tracking.value.new_value_text",
}


@tagged("post_install", "-at_install")
class TestReport(PrivacyCase):
    """Right of access (S37): one file with all that is kept."""

    def test_the_report_holds_all_that_is_kept(self):
        """Each text of each row that hangs on the person, of fields added later as well."""
        contact, lead = self._person()
        self._submissions(contact, lead)
        rows = self._plant([contact, lead])
        text = contact._marketing_report()
        missing = {
            f"{model}.{name}"
            for model, ids in rows.items()
            for name in self._texts(self.env[model])
            for row in ids
            if f"{WORD} {name} {row}" not in text
        }
        self.assertEqual(missing, UNTOLD)
        self.assertIn(f"{WORD}.pdf", text)  # a file that came with a form
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
