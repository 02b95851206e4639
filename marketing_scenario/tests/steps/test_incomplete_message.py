"""A message without subject or text never leaves (S40, S44)."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..step_case import StepCase

COMPLETE = {
    "email": {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"},
    "one_to_one": {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"},
    "sms": {"sms_body": "Hello"},
    "document": {"document_subject": "Hi"},
}
EMPTIED = {
    "email": ({"email_subject": False}, {"email_body_html": "<p><br></p>"}),
    "one_to_one": ({"one_to_one_subject": " "}, {"one_to_one_body": False}),
    "sms": ({"sms_body": " "},),
    "document": ({"document_subject": False},),
}


@tagged("post_install", "-at_install")
class TestIncompleteMessage(StepCase):
    def test_each_kind_is_parked_with_the_reason(self):
        for step_type in COMPLETE:
            with self.subTest(step_type):
                run = self._walk(self._scenario_of(step_type), self.contact)
                self.assertEqual(run.state, "error")
                self.assertIn("empty", run.error_message)
                self.assertFalse(run.trace_ids.mailing_trace_id)

    def test_emptied_behind_the_back_of_the_screens(self):
        scenario = self._scenario_of("email", COMPLETE["email"])
        step = self._step(scenario, "step")
        self.env.flush_all()
        self.env.cr.execute("UPDATE marketing_scenario_step SET email_subject = NULL WHERE id = %s", [step.id])
        self.env.invalidate_all()
        run = self._walk(scenario, self.contact)
        self.assertEqual((run.state, run.error_message), ("error", "the subject is empty. Write one."))
        step.email_subject = "Back"
        run.action_resume()
        self.run_due()
        run.invalidate_recordset()
        self.assertEqual(run.state, "done")

    def test_an_active_message_cannot_be_emptied(self):
        for step_type, writes in EMPTIED.items():
            scenario = self._scenario_of(step_type, COMPLETE[step_type])
            step = self._step(scenario, "step")
            for vals in writes:
                with self.subTest(step_type, vals=vals), self.assertRaisesRegex(ValidationError, "step: .*empty"):
                    step.write(vals)
            scenario.action_deactivate()
            for vals in writes:
                step.write(vals)

    def test_a_new_step_of_an_active_scenario_may_be_filled_bit_by_bit(self):
        scenario = self._scenario_of("email")
        step = self._step(scenario, "step")
        step.email_subject = "Hi"
        step.email_body_html = "<p>Hello</p>"
        self.assertFalse(step._missing())
