"""A message that could not leave in time is skipped, with its reason, and never sent late (C52)."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tools.sms_api import SmsApi

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}


@tagged("post_install", "-at_install")
class TestExpiry(StepCase, MailCase):
    """Now is Monday, 2 March 2026, 11:00 in Paris."""

    def _run(self, settings, step_type="email", **vals):
        scenario = self._make_scenario((step_type, settings, "step"), ("pause", {"pause_days": 30}, "rest"), **vals)
        return self._walk(scenario, self.contact)

    def _send_mails(self):
        """Let Odoo's queue run. :return: how many mails left"""
        self.env.flush_all()
        self.env.invalidate_all()
        with self.mock_mail_gateway(), patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=10.0):
            self.env["mail.mail"].process_email_queue()
        self.env.invalidate_all()
        return len(self._mails)

    def assertExpired(self, enrollment):
        self.assertSkipped(enrollment, "expired")
        self.assertEqual(enrollment.step_id.name, "rest")

    def _evenings(self):
        return self.env["marketing.window"].create({"name": "Evenings", "hour_from": 20, "hour_to": 22})

    def test_a_window_that_opens_too_late(self):
        settings = {**MAIL, "expiry_hours": 4, "window_id": self._evenings().id}
        enrollment = self._run(settings)
        self.assertEqual(enrollment.next_run_at, self.now + timedelta(hours=4), "it waits no longer than that")
        self.forward(hours=4)
        self.assertExpired(enrollment)

    def test_a_window_that_opens_in_time(self):
        enrollment = self._run({**MAIL, "expiry_days": 1, "window_id": self._evenings().id})
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 2, 19, 0))
        self.set_now(datetime(2026, 3, 2, 19, 0))
        self.run_due()
        self.assertJourney(enrollment, "step:next")
        self.assertEqual(self._send_mails(), 1)

    def test_the_time_is_not_begun_again_at_each_look(self):
        self.contact.marketing_optin = False
        enrollment = self._run({**MAIL, "expiry_days": 2, "expiry_hours": 12}, on_refused="wait")
        for _day in range(2):
            self.forward(days=1)
            self.assertEqual((enrollment.step_id.name, enrollment.wait_reason), ("step", "no_consent"))
        self.assertEqual(enrollment.next_run_at, self.now + timedelta(hours=12))
        self.forward(hours=12)
        self.assertEqual(enrollment.step_id.name, "rest")
        self.assertEqual(enrollment.trace_ids.sorted("id").mapped("reason")[-1], "expired")

    def test_the_limit_counts_from_the_moment_the_message_was_due(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"),
            ("email", {**MAIL, "expiry_hours": 6}, "step"),
            ("pause", {"pause_days": 30}, "rest"),
        )
        enrollment = self._walk(scenario, self.contact)
        self.forward(days=1, hours=7)
        self.assertExpired(enrollment)

    def test_a_moment_after_which_nobody_gets_it(self):
        settings = {**MAIL, "expiry_at": self.now + timedelta(hours=1)}
        self.assertJourney(self._run(settings), "step:next")
        self.forward(hours=1, run=False)
        self.assertExpired(self._run(settings))
        scenario = self._make_scenario(("email", settings, "step"))
        self.assertIn("expired", self._issue_codes(scenario))

    def test_the_setting_for_refused_messages_does_not_matter(self):
        for policy in ("leave", "wait"):
            enrollment = self._run({**MAIL, "expiry_at": self.now - timedelta(hours=1)}, on_refused=policy)
            self.assertExpired(enrollment)

    def test_in_the_mail_queue_it_does_not_leave_late(self):
        enrollment = self._run({**MAIL, "expiry_hours": 2}, on_refused="leave")
        trace = enrollment.trace_ids.mailing_trace_id
        self.assertEqual(trace.marketing_expires_at, self.now + timedelta(hours=2))
        self.forward(hours=2, run=False)
        self.assertEqual(self._send_mails(), 0)
        self.assertEqual(enrollment.state, "running", "nobody refused it")
        last = enrollment.trace_ids.sorted("id")[-1]
        self.assertEqual((last.event, last.reason, last.step_id.name), ("skipped", "expired", "step"))
        self.assertEqual((trace.trace_status, trace.failure_reason), ("cancel", "Could not be sent in time"))

    def test_in_the_sms_queue_it_does_not_leave_late(self):
        sent = []
        self.startPatcher(
            patch.object(SmsApi, "_send_sms_batch", lambda _api, messages, **_o: sent.extend(messages) or [])
        )
        enrollment = self._run({"sms_body": "Hi", "expiry_hours": 2}, step_type="sms")
        self.forward(hours=2, run=False)
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=10.0):
            self.env["sms.sms"]._process_queue()
        self.env.invalidate_all()
        self.assertFalse(sent)
        self.assertEqual(enrollment.trace_ids.sorted("id")[-1].reason, "expired")

    def test_recalculating_the_waits_keeps_the_limit(self):
        settings = {**MAIL, "expiry_hours": 10, "window_id": self._evenings().id}
        enrollment = self._run(settings)
        enrollment.step_id.window_id.hour_from = 18
        self.env["marketing.scenario.enrollment"]._recalculate([("id", "=", enrollment.id)])
        enrollment.invalidate_recordset()
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 2, 17, 0))
        self.assertEqual(enrollment.wait_until, self.now + timedelta(hours=10))
        enrollment.step_id.expiry_hours = 3
        self.env["marketing.scenario.enrollment"]._recalculate([("id", "=", enrollment.id)])
        self.forward(hours=3)
        self.assertJourney(enrollment, "step:rescheduled", "step:rescheduled", "step:skipped")
        self.assertEqual(enrollment.trace_ids.sorted("id").mapped("reason")[-1], "expired")

    def test_without_a_limit_nothing_changes(self):
        enrollment = self._run(MAIL)
        self.assertFalse(enrollment.trace_ids.mailing_trace_id.marketing_expires_at)
        self.forward(days=20, run=False)
        self.assertEqual(self._send_mails(), 1)

    def test_budget(self):
        self.assertBudget(self._scenario_of("email", {**MAIL, "expiry_days": 2}), constant=120)
