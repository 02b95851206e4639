from odoo.tests import tagged

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestMailWithdrawal(ScenarioCase):
    def test_who_refuses_does_not_get_the_mail_that_waits_in_the_queue(self):
        self.env.company.email = "hello@company.example.com"
        lead = self._make_lead(contact_name="Paul", email_from="paul@lead.example.com")
        scenario = self._make_scenario(("email", {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}, "mail"))
        enrollments = self._enroll(scenario, self.contact) + self._enroll(scenario, lead)
        other = self._enroll(scenario, self._make_contact("Other", "other@example.com"))
        self.run_due()
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", (enrollments + other).ids)])
        self.assertEqual(set(traces.mapped("trace_status")), {"outgoing"})
        self.contact._set_opt_out("email")
        lead._set_opt_out("all")
        refused = traces.filtered(lambda trace: trace.marketing_enrollment_id in enrollments)
        self.assertEqual(refused.mapped("trace_status"), ["cancel"] * 2)
        self.assertEqual(refused.mail_mail_id.mapped("state"), ["cancel"] * 2)
        self.assertEqual((traces - refused).mail_mail_id.state, "outgoing")
