"""A document that is a file, the same for all: checked, sent as a personal link or attached, copied (C56)."""

import base64
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged

from ...models.steps.document import file as document_file
from .test_step_document import DocumentCase

PDF = b"%PDF-1.4 the brochure"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class FileCase(DocumentCase):
    def _scenario(self, content=PDF, name="Brochure 2026.pdf", **vals):
        return super()._scenario(
            document_source="file",
            document_file=base64.b64encode(content),
            document_file_name=name,
            document_partner_report=False,
            document_lead_report=False,
            **vals,
        )

    def _link(self, scenario):
        return self.env["marketing.document.link"]._find(self._token(self._mails(scenario)[0]))


@tagged("post_install", "-at_install")
class TestDocumentFile(FileCase):
    def test_each_person_gets_a_link_of_their_own_to_the_same_file(self):
        scenario = self._scenario(document_valid_days=10)
        enrollments = self._walk(scenario)
        mails = self._mails(scenario)
        self.assertEqual(len({self._token(mail) for mail in mails}), 3)
        links = [self.env["marketing.document.link"]._find(self._token(mail)) for mail in mails]
        self.assertEqual([link._target() for link in links], [self.contact, self.account, self.lead])
        self.assertEqual({link._content() for link in links}, {(PDF, "Brochure 2026.pdf", "application/pdf")})
        self.assertEqual(links[0].expires_at, self.now + timedelta(days=10))
        self.assertFalse(self.rendered, "no report is made")
        self.assertJourney(enrollments[2], "step:next", "End:end")

    def test_attached_when_the_mail_leaves(self):
        scenario = self._scenario(PNG, "Map.PNG", document_attach=True)
        self._walk(scenario, self.contact)
        email = self._mails(scenario)._prepare_outgoing_list()[0]
        self.assertEqual(email["attachments"], [("Map.PNG", PNG, "image/png")])
        self._link(scenario).action_revoke()
        self.assertFalse(self._mails(scenario)._prepare_outgoing_list()[0]["attachments"])

    def test_refuses_what_it_must_not_send(self):
        too_large = PDF + b" " * (document_file.MAX_MEGABYTES * 1024 * 1024)
        for content, name, sentence in (
            (b"<script>alert(1)</script>", "page.html", "page.html"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg", "picture.svg"),
            (b"MZ\x90\x00", "setup.exe", "setup.exe"),
            (PDF, "no ending", "no ending"),
            (PNG, "letter.pdf", "not what its name says"),
            (too_large, "long.pdf", "10 MB at most"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, sentence):
                self._scenario(content, name)

    def test_copied_with_the_scenario(self):
        scenario = self._scenario()
        copied = scenario.copy()
        self._step(scenario, "step").document_file = False
        step = self._step(copied, "step")
        self.assertEqual(step._document_file_served(), (PDF, "Brochure 2026.pdf", "application/pdf"))

    def test_a_new_file_is_behind_the_links_that_were_sent(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        step = self._step(scenario, "step")
        step.write({"document_file": base64.b64encode(PNG), "document_file_name": "map.png"})
        self.assertEqual(self._link(scenario)._content(), (PNG, "map.png", "image/png"))
        step.document_file = False
        with self.assertRaises(UserError):
            self._link(scenario)._content()

    def test_check_and_summary(self):
        scenario = self._scenario()
        self.assertEqual(self._issue_codes(scenario), [])
        step = self._step(scenario, "step")
        self.assertEqual(step.summary, "Brochure 2026.pdf")
        step.document_file = False
        self.assertEqual(self._issue_codes(scenario), ["no_file"])


@tagged("post_install", "-at_install")
class TestDocumentFilePage(FileCase, HttpCase):
    def test_page(self):
        scenario = self._scenario(PNG, "Map.png")
        self._walk(scenario, self.contact)
        self.env.flush_all()
        url = f"/marketing/document/{self._token(self._mails(scenario))}"
        answer = self.url_open(url)
        self.assertEqual((answer.status_code, answer.content), (200, PNG))
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertIn("Map.png", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(self.opener.head(self.base_url() + url).headers["Content-Type"], "image/png")
        self.assertEqual(self._link(scenario).opened_count, 1)
