"""The card of a mail shows what it looks like (S38)."""

from odoo.tests import HttpCase, new_test_user, tagged

from ..step_case import StepCase

BODY = (
    '<div><style>@import url("https://example.com/x.css");</style><script>alert(1)</script>'
    '<p onclick="alert(2)">Dear <t t-out="object.marketing_first_name"/>, look</p></div>'
)


@tagged("-at_install", "post_install")
class TestMailPicture(StepCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario = cls._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "mail"),
            ("email", {"email_subject": "Hi"}, "empty"),
            ("sms", {"sms_body": "Hi"}, "text"),
            active=False,
        )
        group = "marketing_scenario.group_scenario_user"
        cls.reader = new_test_user(cls.env, "picture_reader", groups=group, password="picture_reader")
        cls.outsider = new_test_user(cls.env, "picture_outsider", groups="base.group_user", password="picture_outsider")

    def setUp(self):
        super().setUp()
        self.mail = self._step(self.scenario, "mail")

    def card(self, name):
        cards = self.scenario.with_user(self.reader).canvas()["steps"]
        return next(card for card in cards if card["name"] == name)

    def get(self, step_id):
        return self.url_open(f"/marketing/mail/{step_id}", allow_redirects=False)

    def test_a_card_says_when_there_is_another_picture(self):
        before = self.card("mail")["mail"]
        self.assertTrue(before)
        self.mail.name = "mail"
        self.mail.note = "Not seen in the mail"
        self.assertEqual(self.card("mail")["mail"], before)
        self.mail.email_body_html = BODY.replace("look", "read")
        self.assertNotIn(self.card("mail")["mail"], (before, False))
        self.assertFalse(self.card("empty")["mail"])
        self.assertFalse(self.card("text")["mail"])

    def test_the_picture_holds_nothing_that_runs(self):
        self.authenticate("picture_reader", "picture_reader")
        page = self.get(self.mail.id)
        self.assertEqual(page.status_code, 200)
        self.assertIn("[First name]", page.text, "a merge field by its name")
        for word in ("script", "alert", "@import"):
            self.assertNotIn(word, page.text)
        policy = page.headers["Content-Security-Policy"]
        self.assertTrue(policy.startswith("sandbox allow-same-origin; default-src 'none';"), policy)
        self.assertIn("private", page.headers["Cache-Control"])

    def test_only_for_those_who_may_read_the_scenario(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.authenticate("picture_outsider", "picture_outsider")
        self.assertEqual(self.get(self.mail.id).status_code, 404)
        self.authenticate("picture_reader", "picture_reader")
        for step_id in (self._step(self.scenario, "empty").id, self._step(self.scenario, "text").id, 0, 2**31, 2**70):
            with self.subTest(step_id=step_id):
                self.assertEqual(self.get(step_id).status_code, 404)
        self.scenario.company_id = other
        self.env.flush_all()
        self.assertEqual(self.get(self.mail.id).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.get(self.mail.id).headers.get("Location", ""))
