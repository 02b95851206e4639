"""From the visitor's post into the scenario: form, lead, automatism, run (S13, S14)."""

from datetime import timedelta

from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..engagement_common import VISITOR


@tagged("-at_install", "post_install")
class TestEngagementJourney(AutomatismCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point = cls.env["marketing.engagement.point"].create({"name": "Brochure", "rate_limit": 0})
        cls._make_automatism("form_filled", form_point_id=cls.point.id)

    def post(self, times=1, **values):
        public = self.env["marketing.engagement.point"]._public_point(self.point.token, "en_US")
        nonce = public._nonce(at=self.now - timedelta(minutes=1))
        for _ in range(times):
            self.assertEqual(public._intake({"nonce": nonce, **values}, VISITOR)["status"], "ok")
        self.env["marketing.engagement.submission"]._work_off()
        return self.point.submission_ids[:1]

    def runs(self, submission):
        domain = [("scenario_id", "=", self.scenario.id), ("lead_id", "=", submission.lead_id.id)]
        return self.env["marketing.scenario.enrollment"].search(domain)

    def test_one_post_is_one_run(self):
        submission = self.post(times=3, email="ann@example.com", consent="1")
        self.assertTrue(submission.lead_id)
        self.process()
        self.assertEqual(self.runs(submission).door, "form")
        self.assertFalse(submission.lead_id._blocked("email"))

    def test_robots_start_nothing(self):
        self.post(email="ann@example.com", hp_site="x")
        self.process()
        self.assertFalse(self.env["marketing.scenario.enrollment"].search([("scenario_id", "=", self.scenario.id)]))

    def test_confirmation_starts_the_run(self):
        self.point.double_optin = True
        submission = self.post(email="ann@example.com", consent="1")
        self.process()
        self.assertFalse(self.runs(submission))
        submission._confirm(accepted=True)
        self.process()
        self.assertEqual(len(self.runs(submission)), 1)

    def test_nothing_is_sent_in_the_visitors_request(self):
        salesperson = self.env.ref("base.user_admin")
        self.point.write({"double_optin": True, "user_id": salesperson.id})
        self.post(email="ann@example.com", consent="1")
        mails = self.env["mail.mail"].search([("email_to", "=", "ann@example.com")])
        self.assertEqual(mails.mapped("state"), ["outgoing"])
