from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestDeliverability(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"marketing_bounce_limit": 5, "marketing_bounce_sample": 40})
        cls.scenario = cls._make_scenario(
            ("one_to_one", {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"}, "step"), name="Risky"
        )

    def _send(self, count):
        people = self.env["res.partner"].create(
            [{"name": f"P{i}", "email": f"guard{i}@example.com", "marketing_optin": True} for i in range(count)]
        )
        enrollments = self._walk(self.scenario, people)
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", enrollments.ids)])
        traces.set_sent()
        return enrollments, traces

    def test_too_many_bounces_suspend(self):
        _enrollments, traces = self._send(40)
        traces[:2].set_bounced()
        self.assertFalse(self.scenario.sending_suspended_at, "5 % is allowed")
        traces[2].set_bounced()
        self.assertEqual(self.scenario.sending_suspended_at, self.now)
        message = self.scenario.message_ids[0]
        self.assertIn("3 of the last 40", message.body)
        self.assertEqual(message.partner_ids, self.scenario.user_id.partner_id)

    def test_nobody_is_lost(self):
        _enrollments, traces = self._send(40)
        traces[:3].set_bounced()
        waiting = self._walk(self.scenario, self.contact, self.lead)
        self.assertEqual(set(waiting.mapped("wait_reason")), {"suspended"})
        self.forward(days=1)
        self.assertEqual(set(waiting.mapped("state")), {"running"})
        self.scenario.action_resume_sending()
        self.forward(hours=1)
        self.assertEqual(set(waiting.mapped("state")), {"done"})
        traces[5].set_bounced()
        self.assertFalse(self.scenario.sending_suspended_at, "earlier messages are forgiven")

    def test_other_steps_go_on(self):
        self.scenario.sending_suspended_at = self.now
        other = self._scenario_of("score", {"score_points": 1})
        other.sending_suspended_at = self.now
        self.assertEqual(self._walk(other, self.contact).state, "done")

    def test_few_messages_are_no_measure(self):
        _enrollments, traces = self._send(2)
        traces.set_bounced()
        self.assertFalse(self.scenario.sending_suspended_at)

    def test_invalid_addresses_count_and_no_credit_does_not(self):
        _enrollments, traces = self._send(40)
        traces[:5].write({"trace_status": "error", "failure_type": "sms_credit"})
        self.assertFalse(self.scenario.sending_suspended_at)
        traces[5:8].set_failed(failure_type="mail_email_invalid")
        self.assertTrue(self.scenario.sending_suspended_at)

    def test_off(self):
        self.env.company.marketing_bounce_limit = 0
        _enrollments, traces = self._send(40)
        traces.set_bounced()
        self.assertFalse(self.scenario.sending_suspended_at)
