"""A stranger's file gains nothing: each attack on the import, tried as a Manager and as an administrator."""

import base64
import json

from lxml import html

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

MANAGER = "marketing_scenario.group_scenario_manager,base.group_partner_manager,base.group_user"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
MAIL = {"email_subject": "Hi", "email_body_arch": "<p>Hello</p>"}


@tagged("post_install", "-at_install")
class TestHostileFiles(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "hostile_manager", groups=MANAGER)
        scenario = cls._make_scenario(("email", MAIL, "Mail"), name="Given", active=False)
        cls.file = scenario._file()

    def setUp(self):
        super().setUp()
        self.document = json.loads(self.file)
        self.mail = next(step for step in self.document["scenario"]["steps"] if step["type"] == "email")["values"]

    def _taken(self, user=None):
        """The scenario of ``self.document``, as it went through a file."""
        scenarios = self.env["marketing.scenario"].with_user(user or self.manager)
        return scenarios._unpack(scenarios._read_file(json.dumps(self.document).encode()))

    def assertRefused(self, *parts):
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                self._taken(user)
            for part in parts:
                self.assertIn(part, str(refusal.exception))

    def _add_file(self, name, content, mimetype):
        self.document["files"]["f"] = {
            "name": name,
            "mimetype": mimetype,
            "data": base64.b64encode(content).decode(),
        }

    def test_no_program_comes_in_a_mail(self):
        self.mail["email_body_arch"] = (
            "<div><script>alert(1)</script><img src='x' onerror='alert(2)'><a href='javascript:alert(3)'>a</a>"
            "<iframe src='https://evil.example.com'></iframe><form action='https://evil.example.com'>b</form>"
            "<object data='x'></object><a href='https://fine.example.com'>c</a></div>"
        )
        for user in (self.manager, self.env.ref("base.user_admin")):
            body = html.fromstring(str(self._step(self._taken(user), "Mail").email_body_arch))
            self.assertFalse(body.xpath("//script | //iframe | //object | //@onerror"))
            self.assertFalse([href for href in body.xpath("//@href") if "script" in href])
            self.assertIn("https://fine.example.com", body.xpath("//@href"))

    def test_no_drawing_comes_in_a_mail(self):
        self._add_file("logo.svg", SVG, "image/svg+xml")
        self.mail["email_body_arch"] = "<p><img src='scenario-file:/file/f'></p>"
        self.assertRefused("logo.svg", "no image")

    def test_no_page_comes_as_an_attachment_that_this_server_would_show(self):
        self._add_file("offer.html", b"<script>alert(1)</script>", "text/html")
        self.mail["email_attachment_ids"] = [{"file": "f"}]
        attachment = self._step(self._taken(), "Mail").email_attachment_ids
        self.assertEqual(attachment.mimetype, "text/plain")
        self.assertFalse(attachment.public)

    def test_the_name_of_a_file_is_a_name_only(self):
        name = "../../web/session/logout?x=1"
        self._add_file(f"{name}\r\nBcc: all@example.com", b"GIF89a", "image/gif")
        self.mail["email_body_arch"] = "<p><img src='scenario-file:/file/f'></p>"
        body = html.fromstring(str(self._step(self._taken(), "Mail").email_body_arch))
        (source,) = body.xpath("//img/@src")
        self.assertRegex(source, r"^/web/image/\d+/[^/?]+\?access_token=[^/?]+$")
        number = int(source.split("/")[3])
        self.assertEqual(self.env["ir.attachment"].browse(number).name, f"{name} Bcc: all@example.com")

    def test_a_sender_holds_no_header(self):
        self.mail["email_sender_name"] = "Ann\r\nBcc: all@example.com"
        self.assertRefused("one line")

    def test_a_form_leads_to_no_program(self):
        self.document["records"]["form"] = {
            "model": "marketing.engagement.point",
            "name": "Trap",
            "values": {"redirect_url": "javascript:alert(1)", "intro": "<p>Hi<script>alert(1)</script></p>"},
            "lines": {},
        }
        self.assertRefused("javascript:alert(1)")
        self.document["records"]["form"]["values"]["redirect_url"] = "https://fine.example.com"
        self._taken()
        form = self.env["marketing.engagement.point"].search([("name", "=", "Trap")])
        self.assertEqual(form.intro, "<p>Hi</p>")

    def test_what_another_company_has_is_not_used(self):
        theirs = self.env["res.company"].create({"name": "Theirs"})
        window = self.env["marketing.window"].create(
            {"name": "Nights", "hour_from": 1, "hour_to": 5, "company_id": theirs.id}
        )
        self.document["records"]["w"] = {
            "model": "marketing.window",
            "name": "Nights",
            "values": {"hour_from": 9, "hour_to": 11},
            "lines": {},
        }
        self.document["scenario"]["settings"]["window_id"] = {"record": "w"}
        self.env.ref("base.user_admin").company_ids = [Command.link(theirs.id)]
        for user in (self.manager, self.env.ref("base.user_admin")):
            taken = self._taken(user)
            self.assertNotEqual(taken.window_id, window)
            self.assertEqual((taken.window_id.hour_to, taken.company_id), (11, self.env.company))

    def test_nothing_is_pointed_at_by_its_number(self):
        self.document["scenario"]["settings"]["window_id"] = 1
        self.assertRefused("a value that it cannot have")
        self.document["scenario"]["settings"]["window_id"] = {"id": 1}
        self.assertRefused("a value that it cannot have")
        del self.document["scenario"]["settings"]["window_id"]
        self.document["scenario"]["steps"][0]["values"]["id"] = 1
        self.assertRefused("no field “id”")

    def test_numbers_that_no_column_holds(self):
        scenarios = self.env["marketing.scenario"]
        self.document["scenario"]["settings"] = {"visit_limit": 4711}
        text = json.dumps(self.document)
        for number in ("1e999", "-1e999", "99999999999", "1" * 5000, "NaN"):
            with self.subTest(number[:12]), self.assertRaises(UserError):
                scenarios._unpack(scenarios._read_file(text.replace("4711", number).encode()))

    def test_words_of_the_file_are_shown_as_words(self):
        self.document["scenario"]["name"] = "<img src=x onerror=alert(1)> {{ 7*7 }} %(x)s"
        taken = self._taken()
        self.assertEqual(taken.name, "<img src=x onerror=alert(1)> {{ 7*7 }} %(x)s")
        self.assertNotIn("<img src=x", str(taken.message_ids.mapped("body")))
