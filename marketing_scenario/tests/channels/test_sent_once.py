"""A message that has left is known as sent, whatever somebody else writes at that moment: it never leaves again."""

from contextlib import ExitStack
from unittest.mock import patch

from psycopg2.errors import DeadlockDetected, LockNotAvailable

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from ...models.gates.sms_hours import SmsHours
from ..committed_case import CommittedCase

WRITES = {
    "message": "UPDATE mail_message SET write_date = write_date WHERE id = %(message)s",
    "trace": "UPDATE mailing_trace SET write_date = write_date WHERE id = %(trace)s",
}


@tagged("-at_install", "post_install")
class TestSentOnce(CommittedCase):
    def setUp(self):
        super().setUp()
        self.sent = []
        # the queues are those of the machine's clock: by night, too
        self.patch(SmsHours, "opening", lambda hours, *_args, **_options: hours.moment)
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            values = {"name": "Once", "email": "once@example.com", "phone": "+447911123456", "marketing_optin": True}
            partner = env["res.partner"].create(values)
            scenario = env["marketing.scenario"].create({"name": "Once", "company_id": False})
            parent = scenario.start_step_id
            for step_type, texts in (
                ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}),
                ("sms", {"sms_body": "Hi"}),
            ):
                place = {"scenario_id": scenario.id, "parent_id": parent.id, "outcome": "next"}
                parent = parent.create({**place, "step_type": step_type, "name": step_type, **texts})
            scenario.action_add_missing_ends()
            scenario._set_state("active")
            runs, _rejected = scenario._enroll(partner, "api")
            env["marketing.scenario.engine"]._run_due()
            traces = env["mailing.trace"].search([("marketing_enrollment_id", "=", runs.id)])
            traces.mail_mail_id.email_from = "sender@company.example.com"
            self.mail = traces.mail_mail_id.ids
            self.sms = traces.filtered("sms_id_int").mapped("sms_id_int")
            self.partner, self.scenario = partner.id, scenario.id
            self.rows = {
                "mail": {"message": traces.mail_mail_id.mail_message_id.id, "trace": traces.filtered("email").id},
                "sms": {"trace": traces.filtered("sms_id_int").id},
            }
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["mail.mail"].browse(self.mail).exists().unlink()
            env["sms.sms"].browse(self.sms).exists().unlink()
            env["res.partner"].browse(self.partner).unlink()
            scenario = env["marketing.scenario"].browse(self.scenario)
            scenario.action_deactivate()
            scenario.unlink()

    def somebody_writes(self, write, rows):
        """Somebody else writes a row and commits; :return: whether they had to wait."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '50ms'")
            try:
                with mute_logger("odoo.sql_db"):
                    cr.execute(WRITES[write], rows)
            except LockNotAvailable:
                cr.rollback()
                return True
        return False

    def send_mail(self, during=None, before=None):
        """Run the queue of mails once; something happens before a mail leaves, or while it does."""

        def send_email(_server, message, *_args, **_options):
            self.sent.append(message["To"])
            if during:
                during()
            return message["Message-Id"]

        with self.registry.cursor() as cr, ExitStack() as patches:
            env = self.environment(cr)
            server = type(env["ir.mail_server"])
            patches.enter_context(patch.object(server, "_disable_send", lambda _server: False))
            patches.enter_context(patch.object(server, "_connect__", lambda *_args, **_options: None))
            patches.enter_context(patch.object(server, "send_email", send_email))
            patches.enter_context(mute_logger("odoo.sql_db", "odoo.addons.mail.models.mail_mail"))
            mails = env["mail.mail"].search([("id", "in", self.mail), ("state", "=", "outgoing")])
            if before:
                before()
            mails.send(auto_commit=True)

    def status(self, channel):
        with self.registry.cursor() as cr:
            return self.environment(cr)["mailing.trace"].browse(self.rows[channel]["trace"]).trace_status

    def test_somebody_writes_while_a_mail_leaves(self):
        waited = []
        self.send_mail(during=lambda: waited.extend(self.somebody_writes(write, self.rows["mail"]) for write in WRITES))
        self.assertEqual((waited, self.status("mail")), ([True, True], "sent"))
        self.send_mail()
        self.assertEqual(len(self.sent), 1)

    def test_somebody_wrote_just_before_a_mail_leaves(self):
        for write in WRITES:
            with self.subTest(write):
                self.send_mail(before=lambda write=write: self.somebody_writes(write, self.rows["mail"]))
                self.assertEqual((len(self.sent), self.status("mail")), (1, "sent"))

    def test_somebody_writes_while_an_sms_leaves(self):
        waited = []

        def send(_api, messages, delivery_reports_url=False):
            numbers = [number for message in messages for number in message["numbers"]]
            self.sent += [number["number"] for number in numbers]
            waited.append(self.somebody_writes("trace", self.rows["sms"]))
            return [{"uuid": number["uuid"], "state": "success"} for number in numbers]

        with self.registry.cursor() as cr, patch.object(SmsApi, "_send_sms_batch", send):
            self.environment(cr)["sms.sms"].browse(self.sms).send()
        self.assertEqual((self.sent, waited, self.status("sms")), (["+447911123456"], [True], "pending"))

    def test_a_conflict_in_the_last_gate_ends_no_job(self):
        conflicts = iter((DeadlockDetected, DeadlockDetected))
        gate = self.registry["mailing.trace"]._last_gate

        def quicker(traces, *args):
            if conflict := next(conflicts, None):
                raise conflict("somebody else was quicker")
            return gate(traces, *args)

        def send(_api, messages, delivery_reports_url=False):
            numbers = [number for message in messages for number in message["numbers"]]
            self.sent += [number["number"] for number in numbers]
            return [{"uuid": number["uuid"], "state": "success"} for number in numbers]

        with (
            self.registry.cursor() as cr,
            patch.object(SmsApi, "_send_sms_batch", send),
            patch.object(self.registry["mailing.trace"], "_last_gate", quicker),
        ):
            self.environment(cr)["sms.sms"]._process_queue()
        self.assertEqual((self.sent, self.status("sms")), (["+447911123456"], "pending"))
