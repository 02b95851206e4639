"""Nothing leaves after a refusal that was stored before the queue ran, in whatever way it was said (S52)."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tools.sms_api import SmsApi

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}


@tagged("post_install", "-at_install")
class TestLastGate(StepCase, MailCase):
    def setUp(self):
        super().setUp()
        self.numbers = []

        def send(_api, messages, delivery_reports_url=False):
            to = [number for message in messages for number in message["numbers"]]
            self.numbers += [number["number"] for number in to]
            return [{"uuid": number["uuid"], "state": "success"} for number in to]

        self.startPatcher(patch.object(SmsApi, "_send_sms_batch", send))

    def _queue_both(self, *records, **vals):
        """A mail and an SMS to each, queued; :return: their runs."""
        scenario = self._make_scenario(("email", MAIL, "mail"), ("sms", {"sms_body": "Hi"}, "sms"), **vals)
        return self._walk(scenario, *records)

    def _run_queues(self):
        """:return: (addresses, numbers) that got a message"""
        self.env.flush_all()
        self.env.invalidate_all()
        self.numbers = []
        cron = type(self.env["ir.cron"])
        with self.mock_mail_gateway(), patch.object(cron, "_commit_progress", lambda *_args, **_options: 10.0):
            self.env["mail.mail"].process_email_queue()
            self.env["sms.sms"]._process_queue()
        self.env.invalidate_all()
        return sorted(mail["email_to"][0] for mail in self._mails), sorted(self.numbers)

    def _person(self, **vals):
        number = self.env["res.partner"].search_count([]) + 10_000
        return self._make_contact(
            "Ann", f"ann{number}@example.com", phone=f"+336555{number}", country_id=self.env.ref("base.fr").id, **vals
        )

    def test_what_is_allowed_leaves(self):
        self._queue_both(self.contact, self.lead)
        mails, numbers = self._run_queues()
        self.assertEqual(mails, ['"Léa Martin" <lea@example.com>', '"Paul Dupont" <paul@lead.example.com>'])
        self.assertEqual(numbers, ["+33612345678", "+33612345680"])

    def test_whatever_was_said_meanwhile_keeps_both_messages_back(self):
        def blacklist(person):
            self.env["mail.blacklist"]._add(person.email)
            self.env["phone.blacklist"]._add([person.phone_sanitized])

        ways = {
            "salesperson ticks no marketing": lambda p: p.write({"marketing_refuse_all": True}),
            "opt-out of each channel": lambda p: (p._set_opt_out("email"), p._set_opt_out("sms")),
            "Odoo's blacklists": blacklist,
            "opt-in taken back": lambda p: p.write({"marketing_optin": False}),
            "archived": lambda p: p.write({"active": False}),
            "erased": lambda p: p.action_marketing_erase(),
            "deleted": lambda p: p.unlink(),
            "bounced meanwhile": lambda p: p.write({"marketing_invalid_email": True, "marketing_invalid_phone": True}),
            "written by SQL": lambda p: self.env.cr.execute(
                "UPDATE res_partner SET marketing_refuse_all = true WHERE id = %s", [p.id]
            ),
        }
        for way, do in ways.items():
            with self.subTest(way):
                person = self._person()
                queued = self._queue_both(person).trace_ids.mailing_trace_id
                self.assertEqual(queued.mapped("trace_status"), ["outgoing", "outgoing"])
                self.env.flush_all()
                do(person)
                self.assertEqual(self._run_queues(), ([], []))
                self.assertEqual(self._run_queues(), ([], []), "cancelled, not late")

    def test_the_address_of_somebody_else(self):
        account = self._person(is_company=True)
        contact = self._make_contact("Borrower", parent_id=account.id, country_id=account.country_id.id)
        self._queue_both(contact)
        account.marketing_refuse_all = True
        self.assertEqual(self._run_queues(), ([], []))

    def test_a_refusal_is_told_as_if_the_step_had_refused(self):
        run = self._queue_both(self.contact)
        traces = run.trace_ids.mailing_trace_id.sorted("id")
        mail, sms = traces.mail_mail_id, self.env["sms.sms"].browse(traces[1].sms_id_int)
        self.contact.marketing_refuse_sms = True
        self.env["mail.blacklist"]._add("lea@example.com")
        self._run_queues()
        self.assertEqual(traces.mapped("trace_status"), ["cancel", "cancel"])
        self.assertEqual(traces.mapped("failure_type"), ["mail_bl", "sms_optout"])
        self.assertEqual(traces.mapped("failure_reason"), ["On the blacklist", "Opted out of SMS"])
        self.assertEqual((mail.state, sms.state), ("cancel", "canceled"))
        told = run.trace_ids.filtered(lambda trace: trace.event == "skipped").sorted("id")
        self.assertEqual(
            [(trace.step_id.name, trace.reason, trace.mailing_trace_id) for trace in told],
            [("mail", "blacklisted", traces[0]), ("sms", "refused_sms", traces[1])],
        )

    def test_leaves_where_the_scenario_wants_it(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), ("pause", {"pause_days": 9}), on_refused="leave")
        run = self._walk(scenario, self.contact)
        self.contact.marketing_refuse_email = True
        self._run_queues()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.end_reason), ("stopped", "refused_email"))

    def test_send_now_and_retry_pass_the_gate(self):
        run = self._queue_both(self.contact)
        traces = run.trace_ids.mailing_trace_id.sorted("id")
        mail, sms = traces.mail_mail_id, self.env["sms.sms"].browse(traces[1].sms_id_int)
        mail.state = "exception"
        sms.state = "error"
        self.contact.marketing_refuse_all = True
        mail.mark_outgoing()
        with self.mock_mail_gateway():
            mail.send()
        sms.resend_failed()
        self.assertFalse(self._mails or self.numbers)
        self.assertEqual((mail.state, sms.state), ("cancel", "canceled"))

    def test_an_inactive_scenario_holds_its_messages_until_it_goes_on(self):
        run = self._queue_both(self.contact)
        run.scenario_id.action_deactivate()
        self.assertEqual(self._run_queues(), ([], []))
        traces = run.trace_ids.mailing_trace_id.sorted("id")
        self.assertEqual(traces.mapped("trace_status"), ["outgoing", "outgoing"])
        self.assertEqual(traces.mail_mail_id.state, "held")
        self.assertEqual(self._run_queues(), ([], []))
        run.scenario_id.action_activate()
        self.assertEqual(self._run_queues(), (['"Léa Martin" <lea@example.com>'], ["+33612345678"]))

    def test_held_messages_of_a_deleted_scenario_never_leave(self):
        run = self._queue_both(self.contact)
        mail = run.trace_ids.mailing_trace_id.mail_mail_id
        run.scenario_id.action_deactivate()
        self._run_queues()
        run.scenario_id.unlink()
        self.assertEqual(self._run_queues(), ([], []))
        self.assertEqual(mail.state, "cancel")

    def test_suspended_sending_holds_what_is_queued(self):
        run = self._queue_both(self.contact)
        run.scenario_id.sending_suspended_at = self.now
        self.assertEqual(self._run_queues(), ([], []))
        run.scenario_id.action_resume_sending()
        self.assertEqual(self._run_queues(), (['"Léa Martin" <lea@example.com>'], ["+33612345678"]))

    def test_sms_wait_for_the_legal_hours_of_the_number(self):
        self._queue_both(self.contact)
        self.set_now(datetime(2026, 3, 2, 19, 30))  # 20:30 in Paris
        self.assertEqual(self._run_queues()[1], [])
        self.set_now(datetime(2026, 3, 3, 6, 59))
        self.assertEqual(self._run_queues()[1], [])
        self.set_now(datetime(2026, 3, 3, 7, 0))
        with self.enter_registry_test_mode():
            self.env.ref("marketing_scenario.ir_cron_retry_sms").method_direct_trigger()
        self.assertEqual(self._run_queues()[1], ["+33612345678"])

    def test_a_lead_lost_before_it_entered_may_be_won_back(self):
        self.lead.action_set_lost()
        self.lead.date_closed = self.now - timedelta(days=1)
        scenario = self._make_scenario(("email", MAIL, "mail"))
        run = self.env["marketing.scenario.enrollment"].create(
            {
                "scenario_id": scenario.id,
                "target_kind": "lead",
                "lead_id": self.lead.id,
                "entered_at": self.now,
                "next_run_at": self.now,
                "step_id": scenario.start_step_id.id,
            }
        )
        self.assertFalse(self.lead._gone_since(run))
        self.lead.date_closed = self.now + timedelta(hours=1)
        self.assertTrue(self.lead._gone_since(run))

    def test_other_messages_are_left_alone(self):
        self.contact.marketing_refuse_all = True
        self.env["mail.mail"].create({"email_to": "lea@example.com", "email_from": "a@b.example", "body_html": "<p/>"})
        self.assertEqual(self._run_queues()[0], ["lea@example.com"])

    def test_statements_do_not_follow_the_number_of_messages(self):
        people = self.env["res.partner"].create(
            [{"name": f"P {i}", "email": f"p{i}@example.com", "marketing_optin": True} for i in range(81)]
        )
        scenario = self._make_scenario(("email", MAIL, "mail"))
        mails = self._walk(scenario, *people).trace_ids.mailing_trace_id.mail_mail_id
        costs = []
        for some in (mails[:1], mails[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(some._pass_last_gate(), some)
            costs.append(self.cr.sql_log_count - before)
        self.assertLessEqual(costs[1] - costs[0], 2, costs)
