"""The hosted page, with what strangers and robots send to it (S13, S48)."""

from odoo.tests import tagged

from ..engagement_common import EngagementHttpCase

NASTY = "<script>alert(1)</script>{{ object.company_id.name }}${7*7}<img src=x onerror=alert(2)>' OR 1=1;--"


@tagged("-at_install", "post_install")
class TestEngagementPage(EngagementHttpCase):
    def test_page_shows_the_form_without_session(self):
        page = self.url_open(f"{self.path}?email=ann@example.com&utm_source=news")
        self.assertEqual(page.status_code, 200)
        self.assertIn('name="email"', page.text)
        self.assertIn('value="ann@example.com"', page.text)
        self.assertNotIn("session_id", page.headers.get("Set-Cookie", ""))
        self.assertIn("frame-ancestors 'self'", page.headers["Content-Security-Policy"])
        self.assertEqual(self.point.view_count, 1)

    def test_embed_may_be_framed(self):
        self.assertIn("frame-ancestors *", self.url_open(f"{self.path}?embed=1").headers["Content-Security-Policy"])
        self.point.allowed_origins = "https://www.example.com"
        self.env.flush_all()
        policy = self.url_open(f"{self.path}?embed=1").headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors 'self' https://www.example.com", policy)
        script = self.url_open(f"{self.path}/embed.js")
        self.assertEqual(script.status_code, 200)
        self.assertIn("javascript", script.headers["Content-Type"])
        self.assertIn(self.point.token, script.text)

    def test_french_visitor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.point.with_context(lang="fr_FR").title = "Notre brochure"
        self.env.flush_all()
        page = self.url_open(self.path, headers={"Accept-Language": "fr-CA,fr;q=0.8,en;q=0.5"})
        self.assertIn("Notre brochure", page.text)
        self.assertIn('lang="fr-FR"', page.text)
        self.assertIn("Get our brochure", self.url_open(f"{self.path}?lang=en", headers={"Accept-Language": "fr"}).text)

    def test_post_creates_the_lead_and_thanks(self):
        answer = self.post(
            first_name="Ann",
            last_name="Lee",
            email="Ann.Lee@Example.com",
            utm_source="news",
            page_url="https://www.example.com/a",
        )
        self.assertEqual(answer.status_code, 303)
        thanks = self.url_open(answer.headers["Location"])
        self.assertIn("Thank you", thanks.text)
        submission = self.env["marketing.engagement.submission"].search([])
        self.assertEqual(
            (submission.email, submission.name, submission.utm_source), ("ann.lee@example.com", "Ann Lee", "news")
        )
        self.assertEqual(submission.lead_id.email_from, "ann.lee@example.com")
        self.assertEqual(submission.lead_id.source_id.name, "news")
        self.assertEqual(
            self.events,
            [
                (
                    "form_filled",
                    "crm.lead",
                    submission.lead_id.ids,
                    {"point_id": self.point.id, "submission_id": submission.id},
                )
            ],
        )
        self.assertEqual(self.point.fill_count, 1)

    def test_redirect(self):
        self.point.redirect_url = "https://www.example.com/thanks"
        self.env.flush_all()
        self.assertEqual(self.post(email="ann@example.com").headers["Location"], "https://www.example.com/thanks")
        embedded = self.post(email="ann@example.com", embed="1")
        self.assertIn("/thanks?", embedded.headers["Location"])
        self.assertIn(
            'data-redirect="https://www.example.com/thanks"', self.url_open(embedded.headers["Location"]).text
        )

    def test_wrong_addresses_get_the_same_404(self):
        archived = self.env["marketing.engagement.point"].create({"name": "Old", "active": False})
        prefix = self.point.token[:8] + "0" * 24
        answers = [
            self.url_open(f"/marketing/form/{token}")
            for token in ("0" * 32, prefix, archived.token, "x", "%25%25%25%25", "a" * 5000)
        ]
        self.assertEqual({answer.status_code for answer in answers}, {404})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertEqual(self.post(path=f"/marketing/form/{archived.token}", email="a@example.com").status_code, 404)
        self.assertEqual(self.url_open("/marketing/confirm/abc").status_code, 404)
        self.assertNothingCreated()

    def test_missing_and_wrong_values_come_back(self):
        self.point.field_ids.filtered(lambda field: field.key == "last_name").required = True
        self.env.flush_all()
        answer = self.post(first_name="Ann <Lee>", email="not an address", phone="12")
        self.assertEqual(answer.status_code, 400)
        self.assertIn('value="Ann &lt;Lee&gt;"', answer.text)
        self.assertIn('value="not an address"', answer.text)
        self.assertEqual(answer.text.count('aria-invalid="true"'), 3)
        self.assertEqual(answer.text.count('role="alert"'), 4)
        self.assertNothingCreated()

    def test_unknown_field_is_named(self):
        answer = self.post(email="ann@example.com", is_admin="<b>1</b>", **{"<i>x": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("is_admin", answer.text)
        self.assertIn("&lt;i&gt;x", answer.text)
        self.assertNothingCreated()

    def test_uploaded_file_is_unknown(self):
        answer = self.url_open(
            self.path,
            data={"email": "a@example.com", "nonce": self.nonce()},
            files={"virus": ("a.exe", b"MZ")},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 400)
        self.assertIn("virus", answer.text)
        self.assertNothingCreated()

    def test_ten_thousand_fields(self):
        answer = self.url_open(self.path, data={f"f{number}": "" for number in range(10_000)}, allow_redirects=False)
        self.assertIn(answer.status_code, (400, 413))
        answer = self.url_open(self.path, data={f"f{number}": "" for number in range(1_000)}, allow_redirects=False)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Too many fields", answer.text)
        self.assertNothingCreated()

    def test_ten_megabytes(self):
        for data in ({"email": "x" * 10_000_000}, b"x" * 10_000_000):
            answer = self.url_open(self.path, data=data, allow_redirects=False)
            self.assertEqual(answer.status_code, 413)
            self.assertIn("64 KB", answer.text)
        self.assertNothingCreated()

    def test_nasty_text_stays_text(self):
        self.point.creates = "both"
        Field = self.env["marketing.engagement.field"]
        Field.create(
            [
                {"point_id": self.point.id, "label": key, "key": key, "kind": kind, "maps_to": target}
                for key, kind, target in [
                    ("name", "text", "name"),
                    ("job", "text", "job"),
                    ("street", "text", "street"),
                    ("city", "text", "city"),
                    ("note", "long_text", "note"),
                    ("free", "text", "none"),
                ]
            ]
        )
        self.env.flush_all()
        texts = dict.fromkeys(["name", "job", "street", "city", "note", "free", "company", "first_name"], NASTY)
        self.assertEqual(
            self.post(email="ann@example.com", utm_campaign="%_", page_url=NASTY, **texts).status_code, 303
        )
        submission = self.env["marketing.engagement.submission"].search([])
        self.assertEqual(submission.values["free"], NASTY)
        lead, partner = submission.lead_id, submission.partner_id
        self.assertEqual(
            (partner.name, partner.function, partner.street, lead.contact_name), (NASTY, NASTY, NASTY, NASTY)
        )
        self.assertEqual(lead.campaign_id.name, "%_")
        for html in (
            lead.description,
            partner.comment,
            *lead.message_ids.mapped("body"),
            *partner.message_ids.mapped("body"),
        ):
            self.assertNotRegex(str(html), "<script|<img")
        self.assertTrue(any("{{ object.company_id.name }}" in str(body) for body in lead.message_ids.mapped("body")))

    def test_bytes_that_are_no_text(self):
        self.assertEqual(
            self.post(email="ann@example.com", first_name="A\x00nn\x1b\r\nBcc: b@example.com").status_code, 303
        )
        self.assertEqual(self.env["marketing.engagement.submission"].search([]).name, "Ann Bcc: b@example.com")
        self.assertEqual(self.url_open(self.path, data=b"email=%ff%fe@x.y&nonce=" + b"%00" * 50).status_code, 400)

    def test_preview_is_for_users(self):
        self.point.active = False
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{self.path}?preview=1").status_code, 404)
        self.authenticate("admin", "admin")
        page = self.url_open(f"{self.path}?preview=1")
        self.assertEqual(page.status_code, 200)
        self.assertIn("disabled", page.text)
        self.assertEqual(self.point.view_count, 0)
