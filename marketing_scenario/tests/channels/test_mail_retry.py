from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.channels.mail_mail import is_passing
from ..common import MONDAY
from .test_channel_mail import MailChannelCase


@tagged("post_install", "-at_install")
class TestMailRetry(MailChannelCase):
    def setUp(self):
        super().setUp()
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        self.trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", enrollment.id)])
        self.mail = self.trace.mail_mail_id

    def _send_without_server(self):
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=ConnectionRefusedError("closed")):
            self.mail.send()

    def test_server_down_five_tries_then_given_up(self):
        for minutes in (1, 10, 60, 360, 1440):
            self._send_without_server()
            self.assertEqual((self.mail.state, self.trace.trace_status), ("outgoing", "outgoing"))
            self.assertEqual(self.mail.scheduled_date, self.now + timedelta(minutes=minutes))
            self.set_now(self.mail.scheduled_date)
        self._send_without_server()
        self.assertEqual((self.mail.state, self.trace.trace_status), ("exception", "error"))
        self.assertEqual(self.trace.failure_type, "mail_smtp")

    def test_server_back(self):
        self._send_without_server()
        self.assertFalse(
            self.env["mail.mail"].search(
                [("id", "=", self.mail.id), ("scheduled_date", "<=", MONDAY), ("state", "=", "outgoing")]
            )
        )
        with self.mock_mail_gateway():
            self.mail.send()
        self.assertEqual((self.trace.trace_status, len(self._mails)), ("sent", 1))

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_refusals(self):
        later = SMTPRecipientsRefused({"lea@example.com": (450, b"greylisted")})
        never = SMTPRecipientsRefused({"lea@example.com": (550, b"unknown")})
        self.assertTrue(is_passing("unknown", str(later)))
        self.assertFalse(is_passing("unknown", str(never)))
        self.assertFalse(is_passing("mail_email_invalid", False))

    def test_other_mails_are_left_to_odoo(self):
        other = self.env["mail.mail"].create({"email_to": "x@example.com", "email_from": "y@example.com"})
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=ConnectionRefusedError("closed")):
            other.send()
        self.assertEqual((other.state, other.marketing_attempts), ("exception", 0))
