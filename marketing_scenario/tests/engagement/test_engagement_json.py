"""JSON posts and their sites (CORS)."""

import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..engagement_common import EngagementHttpCase

SITE = "https://www.example.com"


@tagged("-at_install", "post_install")
class TestEngagementJson(EngagementHttpCase):
    def test_post(self):
        answer = self.post_json({"first_name": "Ann", "email": "ann@example.com", "consent": True, "phone": None})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json(), {"ok": True, "message": "Thank you! We have received your answers."})
        submission = self.env["marketing.engagement.submission"].search([])
        self.assertTrue(submission.consent)
        self.assertTrue(submission.lead_id.marketing_optin)

    def key(self):
        self.point.action_make_server_key()
        self.env.flush_all()
        return {"X-Marketing-Key": self.point.server_key}

    def test_post_without_nonce_or_key_is_told_what_to_send(self):
        answer = self.post_json({"email": "ann@example.com", "nonce": None})
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (400, {"nonce"}))
        self.assertIn("X-Marketing-Key", answer.json()["errors"]["nonce"])
        self.assertNothingCreated()

    def test_post_too_soon_after_reading_is_refused_not_lost(self):
        nonce = self.nonce(seconds=-3600)
        answer = self.post_json({"email": "ann@example.com", "nonce": nonce, "touched": "1"})
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (400, {"nonce"}))
        self.assertNothingCreated()

    def test_captcha_takes_json_with_the_key_only(self):
        self.patch(self.env.registry["marketing.engagement.point"], "_is_captcha_ready", lambda point: True)
        self.point.use_captcha = True
        key = self.key()
        self.assertEqual(self.post_json({"email": "ann@example.com"}).status_code, 403)
        for wrong in ("x", "é", key["X-Marketing-Key"][:-1], key["X-Marketing-Key"] + "x"):
            answer = self.post_json({"email": "ann@example.com"}, {"X-Marketing-Key": wrong.encode("latin-1")})
            self.assertEqual(answer.status_code, 403, wrong)
        self.assertNothingCreated()
        self.assertEqual(self.post_json({"email": "ann@example.com"}, key).status_code, 200)

    def test_key_is_for_managers_and_not_copied(self):
        self.key()
        user = new_test_user(self.env, "plain", groups="marketing_scenario.group_scenario_user")
        self.assertNotIn("server_key", self.point.with_user(user).fields_get())
        with self.assertRaises(AccessError):
            self.point.with_user(user).read(["server_key"])
        with self.assertRaises(AccessError):
            self.point.with_user(user).action_make_server_key()
        self.assertFalse(self.point.copy().server_key)
        self.assertNotIn(self.point.server_key, self.url_open(f"{self.path}/json").text)
        before = self.point.server_key
        self.point.action_make_server_key()
        self.assertFalse(self.point._is_server_key(before))

    def test_answer_to_the_key_names_what_was_made(self):
        self.point.creates = "both"
        self.point.rate_limit = 1
        acme = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        known = self.env["res.partner"].create({"name": "Bob", "email": "bob@example.com", "parent_id": acme.id})
        key = self.key()
        answer = self.post_json({"email": "ann@example.com"}, key).json()
        submission = self.env["marketing.engagement.submission"].search([])
        self.assertTrue(submission.lead_id and submission.partner_id)
        self.assertEqual(
            {name: answer[name] for name in ("submission_id", "lead_id", "contact_id", "account_id")},
            {
                "submission_id": submission.id,
                "lead_id": submission.lead_id.id,
                "contact_id": submission.partner_id.id,
                "account_id": None,
            },
        )
        self.assertEqual(self.post_json({"email": "ann@example.com"}, key).json(), answer)
        answer = self.post_json({"email": "bob@example.com"}, key).json()
        self.assertEqual((answer["contact_id"], answer["account_id"]), (known.id, acme.id))
        self.assertNotIn("lead_id", self.url_open(f"{self.path}/json").json())

    def test_the_same_post_twice_counts_once(self):
        key = self.key()
        for _ in range(3):
            self.assertEqual(self.post_json({"email": "ann@example.com"}, key).status_code, 200)
        self.assertEqual(self.env["marketing.engagement.submission"].search_count([]), 1)
        self.post_json({"email": "ann@example.com", "first_name": "Ann"}, key)
        self.assertEqual(self.env["marketing.engagement.submission"].search_count([]), 2)

    def test_definition_gives_fields_and_nonce(self):
        form = self.url_open(f"{self.path}/json").json()
        self.assertEqual(
            [field["key"] for field in form["fields"]],
            ["first_name", "last_name", "email", "company", "phone", "consent"],
        )
        self.assertTrue(form["nonce"])
        self.assertNotIn("score", json.dumps(form))

    def test_mistakes_are_named(self):
        answer = self.post_json({"first_name": "Ann", "phone": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(set(answer.json()["errors"]), {"email", "phone"})
        answer = self.post_json({"email": "ann@example.com", "color": "red"})
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (400, {"color"}))
        answer = self.post_json({"email": ["ann@example.com"], "first_name": {"a": 1}})
        self.assertEqual(set(answer.json()["errors"]), {"email", "first_name"})
        answer = self.post_json({"email": "ann@example.com", "nonce": "false"})
        self.assertEqual((answer.status_code, set(answer.json()["errors"])), (400, {"nonce"}))
        self.assertNothingCreated()

    def test_bodies_that_are_no_object(self):
        for body in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 50_000, b'"x"', b"9" * 6000):
            answer = self.url_open(
                f"{self.path}/json", data=body, headers={"Content-Type": "application/json"}, method="POST"
            )
            self.assertEqual(answer.status_code, 400, body[:10])
            self.assertIn("", answer.json()["errors"])
        self.assertNothingCreated()

    def test_odd_characters(self):
        mark = self.nonce().encode()
        body = (
            b'{"email": "ann@example.com", "first_name": "A\\ud800\\u0000nn", "utm_source": 12, "nonce": "%s"}' % mark
        )
        answer = self.url_open(f"{self.path}/json", data=body, headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.env["marketing.engagement.submission"].search([]).name, "Ann")

    def test_size_and_number_of_fields(self):
        answer = self.post_json({"email": "x" * 10_000_000})
        self.assertEqual(answer.status_code, 413)
        self.assertIn("64 KB", answer.json()["errors"][""])
        answer = self.post_json({f"f{number}": 1 for number in range(1000)})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Too many fields", answer.json()["errors"][""])
        self.assertNothingCreated()

    def test_unknown_form(self):
        for token in ("0" * 32, self.point.token[:8] + "0" * 24):
            answer = self.post_json({"email": "ann@example.com"}, path=f"/marketing/form/{token}/json")
            self.assertEqual((answer.status_code, list(answer.json()["errors"])), (404, [""]))

    def test_rate_limit(self):
        self.point.rate_limit = 1
        self.env.flush_all()
        self.assertEqual(self.post_json({"email": "a@example.com"}).status_code, 200)
        self.assertEqual(self.post_json({"email": "b@example.com"}).status_code, 429)

    def test_foreign_site_is_refused_unless_listed(self):
        origin = {"Origin": SITE}
        answer = self.post_json({"email": "ann@example.com"}, origin)
        self.assertEqual(answer.status_code, 403)
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
        self.assertNothingCreated()
        self.point.allowed_origins = f"{SITE}\nhttps://shop.example.com/"
        self.env.flush_all()
        answer = self.post_json({"email": "ann@example.com"}, origin)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], SITE)
        self.assertEqual(
            self.post_json({"email": "b@example.com"}, {"Origin": "https://shop.example.com"}).status_code, 200
        )
        for stranger in ("https://example.com", "http://www.example.com", "https://www.example.com.evil.net", "null"):
            self.assertEqual(self.post_json({"email": "c@example.com"}, {"Origin": stranger}).status_code, 403)

    def test_preflight(self):
        self.point.allowed_origins = SITE
        self.env.flush_all()
        asked = {
            "Origin": SITE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        answer = self.url_open(f"{self.path}/json", headers=asked, method="OPTIONS")
        self.assertEqual(answer.status_code, 204)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], SITE)
        self.assertIn("POST", answer.headers["Access-Control-Allow-Methods"])
        self.assertIn("Content-Type", answer.headers["Access-Control-Allow-Headers"])
        answer = self.url_open(f"{self.path}/json", headers=dict(asked, Origin="https://evil.net"), method="OPTIONS")
        self.assertEqual(answer.status_code, 403)
