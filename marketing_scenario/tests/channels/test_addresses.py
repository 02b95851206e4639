"""A name is never read as a header (security.md M2)."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ...tools.one_line import is_one_line
from .test_channel_mail import MailChannelCase

EVIL = "Léa\r\nBcc: victim@example.com\n\nForged\x7f body"


@tagged("post_install", "-at_install")
class TestAddresses(MailChannelCase):
    def test_names_stay_on_one_line_in_every_header(self):
        self.contact.name = EVIL
        self.lead.contact_name = EVIL
        self.env.company.name = EVIL
        self.env["marketing.sender"].create(
            {"name": EVIL, "email": "news@company.example.com", "is_default": True}
        ).state = "validated"
        traces = self._send(self.contact) + self._send(self.lead)
        for mail in traces.mail_mail_id:
            for value in (mail.email_to, mail.email_from, mail.email_cc, mail.reply_to, mail.subject):
                self.assertTrue(is_one_line(value), value)
        self.assertEqual(len(self._mails), 1)
        for mail in self._mails:
            self.assertEqual(len(mail["email_to"]), 1)
            message = self.env["ir.mail_server"]._build_email__(
                mail["email_from"], mail["email_to"], mail["subject"], mail["body"], headers=mail["headers"]
            )
            self.assertFalse(message["Bcc"])

    def test_headers_that_people_type_are_checked(self):
        for field, value in (
            ("email_reply_to", "a@example.com\r\nBcc: b@example.com"),
            ("email_reply_to", "nobody"),
            ("email_sender_name", "Shop\nBcc: b@example.com"),
            ("one_to_one_sender_name", "Shop\nBcc: b@example.com"),
            ("document_sender_name", "Shop\r\nBcc: b@example.com"),
            ("document_cc", "a@example.com, boss"),
            ("document_cc", "a@example.com\n"),
        ):
            with self.subTest(field=field, value=value), self.assertRaises(ValidationError):
                self.step.write({field: value})
        self.step.write(
            {
                "email_reply_to": '"Martin, Léa" <lea@example.com>',
                "email_sender_name": "L’équipe",
                "document_cc": "a@example.com, B <b@example.com>",
            }
        )
