from odoo.tests import tagged

from ..common import ScenarioCase


class MailRuleCase(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"

    def _asked(self, rule, **scenario):
        """Scenario mail → pause → IF with ``rule``; returns the enrollment of the contact, asleep in the pause."""
        body = '<a class="btn" href="https://a.example.com">Yes</a><a href="https://b.example.com">No</a>'
        self.scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": body}, "mail"),
            ("pause", {"pause_days": 7}, "wait"),
            ("if", {"rule_ids": [(0, 0, rule)]}, "if", {"yes": [("end", {}, "yes")], "no": [("end", {}, "no")]}),
            **scenario,
        )
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        return enrollment

    def _message(self, enrollment):
        return self.env["mailing.trace"].search(
            [("marketing_enrollment_id", "=", enrollment.id)], order="id desc", limit=1
        )

    def assertAnswer(self, enrollment, answer):
        self.forward(days=7)
        self.assertEqual(enrollment.step_id.name, answer)


def status_rule(operator, *statuses, **vals):
    flags = {f"email_is_{status}": True for status in statuses}
    return {"kind": "email_status", "email_status_operator": operator, **flags, **vals}


@tagged("post_install", "-at_install")
class TestRuleEmailStatus(MailRuleCase):
    def test_openers(self):
        enrollment = self._asked(status_rule("=", "opened"))
        self._message(enrollment).set_opened()
        self.assertAnswer(enrollment, "yes")

    def test_who_clicked_has_opened(self):
        enrollment = self._asked(status_rule("=", "opened"))
        self._message(enrollment).set_clicked()
        self.assertAnswer(enrollment, "yes")

    def test_delivered_is_not_opened(self):
        enrollment = self._asked(status_rule("=", "opened"))
        self._message(enrollment).set_sent()
        self.assertAnswer(enrollment, "no")

    def test_inactive(self):
        enrollment = self._asked(status_rule("<>", "clicked", "error", "blocked", "opened"))
        self._message(enrollment).set_sent()
        self.assertAnswer(enrollment, "yes")

    def test_a_refused_person_is_blocked_not_inactive(self):
        self.contact.marketing_optin = False
        enrollment = self._asked(status_rule("<>", "clicked", "error", "blocked", "opened"))
        self.assertAnswer(enrollment, "no")

    def test_blocked_is_seen_at_once(self):
        self.contact.marketing_optin = False
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "mail"),
            ("if", {"rule_ids": [(0, 0, status_rule("=", "blocked"))]}, "if", {"yes": [("end", {}, "yes")]}),
        )
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertEqual(enrollment.step_id.name, "yes")

    def test_each_status(self):
        marks = {
            "delivered": "set_sent",
            "replied": "set_replied",
            "bounced": "set_bounced",
            "error": "set_failed",
            "blocked": "set_canceled",
        }
        for status, mark in marks.items():
            with self.subTest(status=status):
                self.contact = self._make_contact(status, f"{status}@example.com")
                enrollment = self._asked(status_rule("=", status))
                getattr(self._message(enrollment), mark)()
                self.assertAnswer(enrollment, "yes")

    def test_chosen_mail_instead_of_the_previous_one(self):
        mail = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
        scenario = self._make_scenario(
            ("email", mail, "first"), ("email", mail, "second"), ("pause", {"pause_days": 7}, "wait")
        )
        first = self._step(scenario, "first")
        scenario._set_state("inactive")
        self._step(scenario, "End").unlink()
        self._add_steps(
            self._step(scenario, "wait"),
            "next",
            [
                (
                    "if",
                    {"rule_ids": [(0, 0, status_rule("=", "opened", email_step_id=first.id))]},
                    "if",
                    {"yes": [("end", {}, "yes")], "no": [("end", {}, "no")]},
                )
            ],
        )
        scenario._set_state("active")
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.env["mailing.trace"].search(
            [("marketing_enrollment_id", "=", enrollment.id)], order="id", limit=1
        ).set_opened()
        copied = scenario.copy()
        self.assertEqual(self._step(copied, "if").rule_ids.email_step_id, self._step(copied, "first"))
        self.assertAnswer(enrollment, "yes")

    def test_earlier_run_does_not_count(self):
        enrollment = self._asked(status_rule("=", "opened"), reentry="finished")
        self._message(enrollment).set_opened()
        self.assertAnswer(enrollment, "yes")
        again = self._enroll(self.scenario, self.contact)
        self.run_due()
        self._message(again).set_sent()
        self.assertAnswer(again, "no")

    def test_check(self):
        scenario = self._make_scenario(("if", {"rule_ids": [(0, 0, {"kind": "email_status"})]}, "if"), active=False)
        self.assertEqual(len(self._step(scenario, "if").rule_ids._validate()), 2)
