from datetime import timedelta

from odoo.tests import tagged

from ..step_case import StepCase

ONE_TO_ONE = {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"}


@tagged("post_install", "-at_install")
class TestFrequencyCap(StepCase):
    def setUp(self):
        super().setUp()
        self.env.company.write({"marketing_cap_count": 2, "marketing_cap_days": 7})

    def _scenario(self, **vals):
        return self._scenario_of("one_to_one", ONE_TO_ONE, **vals)

    def _got(self, days, **vals):
        """A message the contact got so many days ago."""
        trace = self.env["mailing.trace"].create(
            {
                "trace_type": "mail",
                "model": "res.partner",
                "res_id": self.contact.id,
                "email": "lea@example.com",
                "trace_status": "sent",
                **vals,
            }
        )
        self.env.flush_all()
        moment = self.now - timedelta(days=days)
        self.cr.execute("UPDATE mailing_trace SET create_date = %s WHERE id = %s", [moment, trace.id])
        trace.invalidate_recordset()
        return moment

    def test_below_the_cap(self):
        self._got(1)
        self._got(8)
        self.assertEqual(self._walk(self._scenario(), self.contact).state, "done")

    def test_over_the_cap_waits_until_the_oldest_is_past(self):
        oldest = self._got(5)
        self._got(1)
        enrollment = self._walk(self._scenario(), self.contact)
        self.assertEqual((enrollment.state, enrollment.wait_reason), ("running", "frequency_cap"))
        self.assertEqual(enrollment.next_run_at, oldest + timedelta(days=7))
        self.set_now(enrollment.next_run_at)
        self.run_due()
        self.assertEqual(enrollment.state, "done")

    def test_well_over_the_cap(self):
        moments = [self._got(days) for days in (6, 5, 4, 3)]
        enrollment = self._walk(self._scenario(), self.contact)
        self.assertEqual(enrollment.next_run_at, moments[2] + timedelta(days=7))

    def test_skip(self):
        self.env.company.marketing_cap_action = "skip"
        for days in (1, 2):
            self._got(days)
        enrollment = self._walk(self._scenario(), self.contact)
        self.assertSkipped(enrollment, "frequency_cap")
        self.assertEqual(enrollment.state, "done")

    def test_sms_and_mails_count_together(self):
        self._got(1)
        self._got(2, trace_type="sms", email=False, sms_number="+33612345678")
        self.assertEqual(self._walk(self._scenario(), self.contact).wait_reason, "frequency_cap")

    def test_mass_mailings_count(self):
        mailing = self.env["mailing.mailing"].create(
            {"subject": "News", "name": "News", "mailing_model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        for days in (1, 2):
            self._got(days, mass_mailing_id=mailing.id)
        self.assertEqual(self._walk(self._scenario(), self.contact).wait_reason, "frequency_cap")

    def test_what_did_not_arrive_does_not_count(self):
        for status in ("cancel", "error", "bounce"):
            self._got(1, trace_status=status)
        self.assertEqual(self._walk(self._scenario(), self.contact).state, "done")

    def test_same_person_twice_in_one_batch(self):
        self._got(1)
        twin = self._make_contact("Léa again", "lea@example.com")
        scenarios = self._scenario(), self._scenario()  # in one scenario, one of the two is rejected
        enrollments = self._enroll(scenarios[0], self.contact) + self._enroll(scenarios[1], twin)
        self.run_due()
        self.assertCountEqual(enrollments.mapped("state"), ["done", "running"])

    def test_calls_and_actions_are_not_messages(self):
        for days in (1, 2):
            self._got(days)
        self.assertEqual(self._walk(self._scenario_of("score", {"score_points": 1}), self.contact).state, "done")

    def test_off(self):
        self.env.company.marketing_cap_count = 0
        for days in (1, 2, 3):
            self._got(days)
        self.assertEqual(self._walk(self._scenario(), self.contact).state, "done")

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=112)
