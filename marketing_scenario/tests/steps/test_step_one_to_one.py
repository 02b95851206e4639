import base64
from datetime import datetime

from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase

from ..step_case import StepCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestStepOneToOne(StepCase, MailCase):
    def _scenario(self, *before, **vals):
        settings = {
            "one_to_one_subject": "A question, {{ object.marketing_first_name ||| hello }}",
            "one_to_one_body": '<p>Dear <t t-out="object.marketing_person_name"/>, shall we talk?</p>',
            **vals,
        }
        return self._make_scenario(*before, ("one_to_one", settings, "step"))

    def _mails(self, scenario):
        return self.env["mail.mail"].search([("mailing_id.marketing_step_id", "in", scenario.step_ids.ids)], order="id")

    def test_contact_account_and_lead(self):
        scenario = self._scenario()
        enrollments = self._walk(scenario)
        mails = self._mails(scenario)
        self.assertEqual(mails.mapped("subject"), ["A question, Léa", "A question, hello", "A question, Paul"])
        self.assertEqual(set(mails.mapped("email_from")), {'"Sonia" <sonia@company.example.com>'})
        self.assertIn("Dear Paul Dupont, shall we talk?", mails[2].body_html)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        traces = enrollments.trace_ids.mailing_trace_id
        self.assertEqual(traces.mail_mail_id, mails)
        self.assertJourney(enrollments[0], "step:next", "End:end")

    def test_signature_and_plain_look(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        body = self._mails(scenario).body_html
        self.assertIn("<p>Sonia, sales</p>", body)
        self.assertNotIn("o_layout", body)
        self.assertNotIn("unsubscribe_from_list", body)

    def test_unsubscribe_link_on_demand(self):
        scenario = self._scenario(one_to_one_unsubscribe=True)
        self._walk(scenario, self.contact)
        self.assertIn("unsubscribe_from_list", self._mails(scenario).body_html)

    def test_logged_in_the_chatter(self):
        self._walk(self._scenario(), self.lead)
        message = self.lead.message_ids[0]
        self.assertIn("shall we talk?", message.body)
        self.assertEqual(message.author_id, self.seller.partner_id)

    def test_sender_order(self):
        user = {
            name: new_test_user(self.env, name, email=f"{name}@company.example.com")
            for name in ("first", "second", "third")
        }
        self.account.user_id = user["third"]
        self.contact.write({"parent_id": self.account.id, "user_id": user["second"].id})
        self.lead.write({"partner_id": self.contact.id, "user_id": user["first"].id})
        default = self.env["marketing.sender"].create(
            {"name": "Desk", "email": "desk@company.example.com", "is_default": True}
        )
        default._confirm(default._token())
        chosen = self.env["marketing.sender"].create({"name": "Boss", "email": "boss@company.example.com"})
        chosen._confirm(chosen._token())
        step = self._step(self._scenario(), "step")

        def voice():
            (address, _user) = step._one_to_one_voices([(self.lead, 1)])[1]
            return address.partition("@")[0].partition("<")[2]

        step.one_to_one_sender_id = chosen
        self.assertEqual(voice(), "boss")
        step.one_to_one_sender_id = False
        for expected, record in (("first", self.lead), ("second", self.contact), ("third", self.account)):
            self.assertEqual(voice(), expected)
            record.user_id = False
            self.env.invalidate_all()
        self.assertEqual(voice(), "desk")

    def test_sender_name_is_the_same_for_all(self):
        scenario = self._scenario(one_to_one_sender_name="Sonia, your adviser")
        self._walk(scenario, self.contact)
        self.seller.active = False
        self._walk(scenario, self.lead)
        addresses = [
            '"Sonia, your adviser" <sonia@company.example.com>',
            '"Sonia, your adviser" <hello@company.example.com>',
        ]
        self.assertEqual(self._mails(scenario).mapped("email_from"), addresses)
        self.assertIn("Sonia, sales", self._mails(scenario)[0].body_html, "the signature stays the person's own")

    def test_address_that_awaits_confirmation_is_not_used(self):
        self.env["marketing.sender"].create({"name": "Sonia", "email": "sonia@company.example.com"})
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self.assertIn("hello@company.example.com", self._mails(scenario).email_from)

    def test_leaves_at_the_first_minute(self):
        scenario = self._scenario(("pause", {"pause_days": 2}, "wait"))
        enrollment = self._walk(scenario, self.contact)
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 3, 23, 1))  # 00:01 on Wednesday in Paris
        self.set_now(enrollment.next_run_at)
        self.run_due()
        self.assertTrue(self._mails(scenario))

    def test_own_window_rules(self):
        window = self.env["marketing.window"].create({"name": "Mornings", "hour_from": 9, "hour_to": 12})
        scenario = self._scenario(("pause", {"pause_days": 2}, "wait"), window_id=window.id)
        enrollment = self._walk(scenario, self.contact)
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 4, 10, 0))
        self.assertFalse(self._step(scenario, "step")._part("leaves_at_first_minute"))

    def test_refusals(self):
        for reason, vals in {
            "no_consent": {"marketing_optin": False},
            "refused_email": {"marketing_refuse_email": True},
            "refused_all": {"marketing_refuse_all": True},
            "no_email": {"email": False},
            "invalid_email": {"marketing_invalid_email": True},
        }.items():
            with self.subTest(reason):
                person = self._make_contact("Someone", f"{reason}@example.com")
                person.write(vals)
                self.assertSkipped(self._walk(self._scenario(), person), reason)
        self.env["mail.blacklist"]._add("lea@example.com")
        self.assertSkipped(self._walk(self._scenario(), self.contact), "blacklisted")

    def test_attachments_and_inline_image(self):
        scenario = self._scenario()
        step = self._step(scenario, "step")
        image, foreign = self.env["ir.attachment"].create(
            [
                {"name": "dot.png", "raw": PIXEL, "res_model": step._name, "res_id": step.id},
                {"name": "secret.png", "raw": PIXEL, "res_model": "res.users", "res_id": self.seller.id},
            ]
        )
        step.write(
            {
                "one_to_one_body": f'<p>Hé <img src="/web/image/{image.id}-hash/dot.png"/>'
                f'<img src="/web/image/{foreign.id}"/></p>',
                "one_to_one_attachment_ids": [(0, 0, {"name": "offer.txt", "raw": b"Offer"})],
            }
        )
        self._walk(scenario, self.contact)
        mail = self._mails(scenario)
        with self.mock_mail_gateway():
            built = []
            server = self.env["ir.mail_server"]
            email = mail._prepare_outgoing_list()[0]
            built = server._build_email__(
                "a@example.com",
                email["email_to"],
                email["subject"],
                email["body"],
                subtype="html",
                headers=email["headers"],
                attachments=email["attachments"],
            )
        types = [part.get_content_type() for part in built.walk()]
        self.assertIn("multipart/related", types)
        self.assertEqual(types.count("image/png"), 1)
        related = next(part for part in built.walk() if part.get_content_type() == "image/png")
        self.assertEqual(related["Content-ID"], f"<image-{image.id}>")
        self.assertEqual(related.get_content(), PIXEL)
        html = built.get_body(("html",)).get_content()
        self.assertIn(f"cid:image-{image.id}", html)
        self.assertIn("Hé", html)
        self.assertEqual([part.get_filename() for part in built.iter_attachments()], ["offer.txt"])
        self.assertIn("List-Unsubscribe", built)
        self.assertNotIn("X-Marketing-Inline", built)

    def test_check_and_preview(self):
        scenario = self._make_scenario(("one_to_one", {}, "step"), active=False)
        self.assertEqual(self._issue_codes(scenario), ["no_subject", "no_body"])
        step = self._step(self._scenario(), "step")
        self.assertEqual(step._validate(), [])
        preview = self.env["marketing.scenario.mail.preview"].create(
            {"step_id": step.id, "record_ref": f"crm.lead,{self.lead.id}"}
        )
        self.assertIn("Sonia, sales", preview.body)
        self.assertEqual(preview.email_from, '"Sonia" <sonia@company.example.com>')

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=110, user_id=self.seller.id)
