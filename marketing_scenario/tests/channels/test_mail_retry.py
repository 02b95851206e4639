from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

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

    def _refuse(self, code, text):
        """The mail server answers the recipient so, the way smtplib and Odoo tell it."""
        refusal = SMTPRecipientsRefused({"lea@example.com": (code, text)})

        def refuse(*_args, **_options):
            raise MailDeliveryException("Mail Delivery Failed", f"SMTPRecipientsRefused: {refusal}")

        with self.mock_mail_gateway(), patch.object(type(self.env["ir.mail_server"]), "send_email", refuse):
            self.mail.send()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_recipient_refused_for_good_is_a_bounce(self):
        self._refuse(550, b"5.1.1 user unknown")
        self.assertEqual((self.trace.trace_status, self.trace.failure_type), ("bounce", "mail_bounce"))
        self.assertIn("5.1.1 user unknown", self.trace.failure_reason)
        self.assertTrue(self.contact.marketing_invalid_email)
        self.assertEqual(self.scenario._bounced_among(200), 1)
        self.assertEqual(self.mail.state, "exception", "not tried again")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_refused_sender_does_not_spoil_the_address(self):
        self._refuse(550, b"5.7.1 relaying denied")
        self.assertEqual(self.trace.trace_status, "bounce")
        self.assertFalse(self.contact.marketing_invalid_email)

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_recipient_refused_for_now_is_tried_again(self):
        self._refuse(450, b"4.2.0 greylisted")
        self.assertEqual((self.mail.state, self.trace.trace_status), ("outgoing", "outgoing"))

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_bounce_at_sending_is_an_event(self):
        self.env["marketing.automatism"].create(
            {
                "name": "Bounced",
                "event_type": "mail_bounced",
                "company_id": False,
                "action_ids": [(0, 0, {"kind": "score", "score_points": -5})],
            }
        )
        self._refuse(550, b"5.1.1 user unknown")
        events = self.env["marketing.automatism.event"].search([("kind", "=", "mail_bounced")])
        self.assertEqual(events.mapped("res_id"), [self.contact.id])

    def test_a_confirmation_mail_is_tried_again(self):
        sender = self.env["marketing.sender"].create({"name": "News", "email": "news@elsewhere.example"})
        sender.action_send_confirmation()
        self.mail = self.env["mail.mail"].search([("email_to", "=", "news@elsewhere.example")])
        self._send_without_server()
        self.assertEqual((self.mail.state, self.mail.marketing_attempts), ("outgoing", 1))

    def test_other_mails_are_left_to_odoo(self):
        other = self.env["mail.mail"].create({"email_to": "x@example.com", "email_from": "y@example.com"})
        with patch.object(type(self.env["ir.mail_server"]), "_connect__", side_effect=ConnectionRefusedError("closed")):
            other.send()
        self.assertEqual((other.state, other.marketing_attempts), ("exception", 0))
