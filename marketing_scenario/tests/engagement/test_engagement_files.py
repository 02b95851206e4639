"""Files sent with a form: taken only as the form says, attached to whom they concern (S13)."""

import base64
import io
import zipfile

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..engagement_common import EngagementHttpCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@tagged("-at_install", "post_install")
class TestEngagementFiles(EngagementHttpCase):
    def setUp(self):
        super().setUp()
        self.file_field = self.env["marketing.engagement.field"].create(
            {"point_id": self.point.id, "label": "Plan", "key": "plan", "kind": "file", "file_types": "pdf, png"}
        )
        self.env.flush_all()

    def send(self, name, content, **values):
        values = {"email": "ann@example.com", "nonce": self.nonce(), **values}
        answer = self.url_open(self.path, data=values, files={"plan": (name, content)}, allow_redirects=False)
        self.work_off()
        return answer

    def submission(self):
        return self.env["marketing.engagement.submission"].search([])

    def test_file_is_attached_to_the_record_and_shown_in_its_chatter(self):
        self.assertEqual(self.send("C:\\plans\\plan.pdf", PDF).status_code, 303)
        submission = self.submission()
        attachment = submission.attachment_ids
        self.assertEqual((attachment.name, attachment.raw, attachment.mimetype), ("plan.pdf", PDF, "application/pdf"))
        self.assertEqual((attachment.res_model, attachment.res_id), ("crm.lead", submission.lead_id.id))
        self.assertIn(attachment, submission.lead_id.message_ids.attachment_ids)
        self.assertIn("Plan: plan.pdf", submission.answers)

    def test_page_offers_the_types_and_says_the_size(self):
        page = self.url_open(self.path).text
        self.assertIn('enctype="multipart/form-data"', page)
        self.assertIn('accept=".pdf, .png"', page)
        self.assertIn(".pdf, .png, 5 MB at most", page)

    def test_content_must_be_what_the_name_says(self):
        docx = io.BytesIO()
        with zipfile.ZipFile(docx, "w") as archive:
            archive.writestr("x.txt", "x")
        for name, content in (
            ("a.pdf", PNG),
            ("a.pdf", b"<html><script>alert(1)</script></html>"),
            ("a.png", b"MZ\x90\x00" + b"\x00" * 100),
            ("a.exe", PDF),
            ("a.pdf.exe", PDF),
            ("pdf", PDF),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("a.pdf", docx.getvalue()),
            ("a.pdf", b""),
        ):
            with self.subTest(name):
                answer = self.send(name, content)
                self.assertEqual(answer.status_code, 400)
                self.assertIn('id="e_plan"', answer.text)
        self.assertNothingCreated()

    def test_size_is_limited_by_the_field_and_only_forms_with_one_read_more(self):
        self.file_field.file_size = 1
        self.env.flush_all()
        self.assertEqual(self.send("a.pdf", PDF + b" " * 900_000).status_code, 303)
        answer = self.send("a.pdf", PDF + b" " * 1_100_000)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("1 MB at most", answer.text)
        self.assertEqual(self.send("a.pdf", PDF + b" " * 2_000_000).status_code, 413)
        self.file_field.unlink()
        self.env.flush_all()
        self.assertEqual(self.send("a.pdf", PDF + b" " * 70_000).status_code, 413)

    def test_required_file_and_a_mistake_elsewhere(self):
        self.file_field.required = True
        self.env.flush_all()
        self.assertIn("Please choose a file.", self.send("", b"").text)
        self.assertIn("A file is expected here.", self.post(email="ann@example.com", plan="text").text)
        answer = self.send("plan.pdf", PDF, email="wrong")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("plan.pdf", answer.text)
        self.assertNothingCreated()

    def test_file_where_a_text_is_expected_is_said(self):
        answer = self.url_open(
            self.path,
            data={"email": "ann@example.com", "nonce": self.nonce()},
            files={"company": ("a.pdf", PDF)},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 400)
        self.assertIn("not a file", answer.text)
        self.assertNothingCreated()

    def test_json_takes_name_and_content(self):
        content = base64.b64encode(PNG).decode()
        good = self.post_json({"email": "ann@example.com", "plan": {"name": "a.png", "content": content}})
        self.assertEqual(good.status_code, 200)
        self.assertEqual(self.submission().attachment_ids.raw, PNG)
        for wrong in ("a.png", {"name": "a.png"}, {"name": "a.png", "content": "é"}, {"name": 1, "content": 2}, [1]):
            answer = self.post_json({"email": "bob@example.com", "plan": wrong})
            self.assertEqual((answer.status_code, set(answer.json()["errors"])), (400, {"plan"}), wrong)
        plan = self.url_open(f"{self.path}/json").json()["fields"][-1]
        self.assertEqual((plan["accept"], plan["max_megabytes"]), (".pdf, .png", 5))

    def test_spam_keeps_its_file_until_processed_and_erasure_takes_it(self):
        self.send("plan.pdf", PDF, hp_site="x")
        submission = self.submission()
        self.assertEqual(submission.attachment_ids.res_model, submission._name)
        submission.action_not_spam()
        attachment = submission.attachment_ids
        self.assertEqual((attachment.res_model, attachment.res_id), ("crm.lead", submission.lead_id.id))
        submission._forget()
        self.assertFalse(attachment.exists())

    def test_settings_are_checked(self):
        for values in ({"file_types": "pdf, exe"}, {"file_types": " , "}, {"maps_to": "note"}):
            with self.assertRaises(ValidationError):
                self.file_field.write(values)
