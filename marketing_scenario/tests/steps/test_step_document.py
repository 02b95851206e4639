from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..step_case import StepCase

LETTER, LEAD_LETTER = "marketing_scenario.report_letter", "marketing_scenario.report_letter_lead"


class DocumentCase(StepCase):
    def setUp(self):
        super().setUp()
        report = type(self.env["ir.actions.report"])
        self.startPatcher(patch.object(report, "get_wkhtmltopdf_state", lambda _report: "ok"))
        self.rendered = []

        def render(_report, name, res_ids=None, data=None):
            self.rendered.append((name, res_ids))
            return b"%PDF-1.4 " + name.encode(), "pdf"

        self.startPatcher(patch.object(report, "_render_qweb_pdf", render))

    def _scenario(self, **vals):
        settings = {
            "document_subject": "Your offer, {{ object.marketing_first_name ||| dear customer }}",
            "document_body": '<p>Dear <t t-out="object.marketing_person_name"/>,</p>',
            "document_partner_report": LETTER,
            "document_lead_report": LEAD_LETTER,
            "document_link_text": "Offer <2026>",
            **vals,
        }
        return self._scenario_of("document", settings)

    def _mails(self, scenario):
        return self.env["mail.mail"].search([("mailing_id.marketing_step_id", "in", scenario.step_ids.ids)], order="id")

    def _token(self, mail):
        return str(mail.body_html).partition("/marketing/document/")[2].partition('"')[0]


@tagged("post_install", "-at_install")
class TestStepDocument(DocumentCase):
    def test_contact_account_and_lead(self):
        scenario = self._scenario()
        enrollments = self._walk(scenario)
        mails = self._mails(scenario)
        self.assertEqual(mails.mapped("subject"), ["Your offer, Léa", "Your offer, dear customer", "Your offer, Paul"])
        self.assertIn("Offer &lt;2026&gt;</a>", mails[0].body_html)
        self.assertFalse(self.rendered, "nothing is rendered inside the engine's transaction")
        links = [self.env["marketing.document.link"]._find(self._token(mail)) for mail in mails]
        self.assertEqual([link._target() for link in links], [self.contact, self.account, self.lead])
        self.assertEqual([link.mailing_trace_id for link in links], list(enrollments.trace_ids.mailing_trace_id))
        self.assertEqual(len({self._token(mail) for mail in mails}), 3)
        self.assertJourney(enrollments[0], "step:next", "End:end")

    def test_the_token_is_not_stored(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        token = self._token(self._mails(scenario))
        link = self.env["marketing.document.link"]._find(token)
        self.assertNotIn(token, link.token_hash)
        self.assertFalse(self.env["link.tracker"].search([("url", "like", token)]))

    def test_expires_and_revokes(self):
        scenario = self._scenario(document_valid_days=10)
        self._walk(scenario, self.contact)
        links, token = self.env["marketing.document.link"], self._token(self._mails(scenario))
        self.assertEqual(links._find(token).expires_at, self.now + timedelta(days=10))
        self.assertFalse(links._find(token + "x") or links._find("") or links._find(False))
        links._find(token).action_revoke()
        self.assertFalse(links._find(token))
        links.search([]).revoked = False
        self.forward(days=10)
        self.assertFalse(links._find(token))

    def test_openings_count_and_the_first_is_a_click(self):
        scenario = self._scenario()
        enrollment = self._walk(scenario, self.contact)
        link = self.env["marketing.document.link"]._find(self._token(self._mails(scenario)))
        link._note_opening()
        self.forward(days=1)
        link._note_opening()
        self.assertEqual((link.opened_count, link.last_opened_at - link.first_opened_at), (2, timedelta(days=1)))
        trace = enrollment.trace_ids.mailing_trace_id
        self.assertTrue(trace.links_click_datetime)
        self.assertEqual(trace.trace_status, "open")

    def test_copy_and_attachment(self):
        scenario = self._scenario(document_cc="archive@example.com", document_attach=True)
        self._walk(scenario, self.contact)
        mail = self._mails(scenario)
        self.assertEqual(mail.email_cc, "archive@example.com")
        email = mail._prepare_outgoing_list()[0]
        self.assertEqual(
            email["attachments"], [("Offer _2026_.pdf", b"%PDF-1.4 " + LETTER.encode(), "application/pdf")]
        )
        self.assertEqual(self.rendered, [(LETTER, self.contact.ids)])

    def test_sender_name(self):
        scenario = self._scenario(document_sender_name="Offers desk")
        self._walk(scenario, self.contact)
        self.assertEqual(self._mails(scenario).email_from, '"Offers desk" <hello@company.example.com>')

    def test_refusals(self):
        for reason, vals in {
            "no_consent": {"marketing_optin": False},
            "refused_email": {"marketing_refuse_email": True},
            "no_email": {"email": False},
        }.items():
            with self.subTest(reason):
                person = self._make_contact("Someone", f"{reason}@example.com")
                person.write(vals)
                self.assertSkipped(self._walk(self._scenario(), person), reason)
        self.assertSkipped(self._walk(self._scenario(document_lead_report=False), self.lead), "not_for_kind")

    def test_check(self):
        self.assertEqual(self._issue_codes(self._scenario()), [])
        codes = self._issue_codes(self._scenario(document_subject=False, document_lead_report=False))
        self.assertEqual(codes, ["no_subject", "no_report"])
        with patch.object(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda _report: "install"):
            issue = self._step(self._scenario(), "step")._validate()[0]
        self.assertEqual(issue["code"], "no_wkhtmltopdf")
        self.assertIn("apt-get install wkhtmltopdf", issue["message"])

    def test_preview_writes_no_link(self):
        step = self._step(self._scenario(), "step")
        preview = self.env["marketing.scenario.mail.preview"].create(
            {"step_id": step.id, "record_ref": f"res.partner,{self.contact.id}"}
        )
        self.assertIn("Offer &lt;2026&gt;", preview.body)
        self.assertFalse(self.env["marketing.document.link"].search([("step_id", "=", step.id)]))

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=110)


@tagged("post_install", "-at_install")
class TestDocumentPage(DocumentCase, HttpCase):
    def test_page(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        token = self._token(self._mails(scenario))
        answer = self.url_open(f"/marketing/document/{token}")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf"))
        self.assertTrue(answer.content.startswith(b"%PDF"))
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        link = self.env["marketing.document.link"]._find(token)
        self.assertEqual(link.opened_count, 1)
        link.revoked = True
        self.env.flush_all()
        gone, unknown = (self.url_open(f"/marketing/document/{part}") for part in (token, "unknown"))
        self.assertEqual((gone.status_code, gone.content), (404, unknown.content))
        self.assertEqual(unknown.status_code, 404)

    @mute_logger("odoo.addons.marketing_scenario.controllers.document")
    def test_rendering_fails(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        with patch.object(type(self.env["ir.actions.report"]), "_render_qweb_pdf", side_effect=UserError("no program")):
            answer = self.url_open(f"/marketing/document/{self._token(self._mails(scenario))}")
        self.assertEqual(answer.status_code, 503)
        self.assertNotIn("no program", answer.text)
