"""The PDF itself, as wkhtmltopdf makes it: what the addressee reads behind the link and in the attachment."""

import io
import shutil
import unittest

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from ..step_case import StepCase


def text_of(pdf):
    """Return the words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@unittest.skipUnless(shutil.which("wkhtmltopdf"), "no wkhtmltopdf on this machine")
@tagged("post_install", "-at_install")
class TestDocumentPdf(StepCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        self.env = self.env(context={**self.env.context, "force_report_rendering": True})
        # Debian's wkhtmltopdf draws web fonts as shapes; only fonts of the system come out as text that can be read.
        self.env["ir.ui.view"].create(
            {
                "name": "Readable letter",
                "type": "qweb",
                "inherit_id": self.env.ref("marketing_scenario.report_letter").id,
                "arch": "<xpath expr=\"//div[hasclass('page')]\" position='inside'>"
                "<style>* { font-family: 'Liberation Sans' !important; }</style></xpath>",
            }
        )
        self.scenario = self._scenario_of(
            "document",
            {
                "document_subject": "Your offer",
                "document_partner_report": "marketing_scenario.report_letter",
                "document_lead_report": "marketing_scenario.report_letter_lead",
                "document_attach": True,
            },
        )

    def _links(self):
        return self.env["marketing.document.link"].search([("step_id.scenario_id", "=", self.scenario.id)])

    def test_each_reads_their_own_letter(self):
        self._walk(self.scenario, self.contact, self.lead)
        letters = {link._target(): text_of(link._content()[0]) for link in self._links()}
        self.assertIn("Hello Léa, thank you for your interest", letters[self.contact])
        self.assertIn("Hello Paul, thank you for your interest", letters[self.lead])
        self.assertIn("Sonia", letters[self.contact])

    def test_the_attachment_is_the_same_letter(self):
        self._walk(self.scenario, self.contact)
        mail = self.env["mail.mail"].search([("mailing_id.marketing_step_id.scenario_id", "=", self.scenario.id)])
        [email] = mail._prepare_outgoing_list()
        [(name, pdf, mimetype)] = email["attachments"]
        self.assertEqual((name, mimetype), ("step.pdf", "application/pdf"))
        self.assertIn("Hello Léa", text_of(pdf))
