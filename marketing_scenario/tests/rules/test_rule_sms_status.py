from odoo.tests import tagged

from ..common import MONDAY
from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleSmsStatus(RuleCase):
    def _asked(self, rule, target=None):
        """SMS, a week, then the rule. :return: the enrollment, asleep in the week"""
        before = ("sms", {"sms_body": "Hi https://a.example.com"}, "sms"), ("pause", {"pause_days": 7}, "wait")
        self.scenario = self._asking({"kind": "sms_status", **rule}, *before)
        return self._walk(self.scenario, target or self.contact)

    def _trace(self, enrollment):
        return self.env["mailing.trace"].search([("marketing_enrollment_id", "=", enrollment.id)])

    def assertAnswer(self, enrollment, answer):
        self.forward(days=7)
        self.assertEqual(enrollment.step_id.name, answer)

    def test_each_status(self):
        marks = {
            "sent": {"trace_status": "pending"},
            "delivered": {"trace_status": "sent"},
            "clicked": {"trace_status": "open", "links_click_datetime": self.now},
            "bounced": {"trace_status": "bounce"},
            "error": {"trace_status": "error"},
            "blocked": {"trace_status": "cancel"},
        }
        for status, vals in marks.items():
            with self.subTest(status):
                self.set_now(MONDAY)
                enrollment = self._asked({f"sms_is_{status}": True}, self._make_contact("X", phone="+33612349999"))
                self._trace(enrollment).write(vals)
                self.assertAnswer(enrollment, "yes")

    def test_sent_is_not_delivered(self):
        enrollment = self._asked({"sms_is_delivered": True})
        self._trace(enrollment).trace_status = "pending"
        self.assertAnswer(enrollment, "no")

    def test_has_none_of(self):
        enrollment = self._asked({"sms_status_operator": "<>", "sms_is_clicked": True, "sms_is_error": True})
        self._trace(enrollment).trace_status = "sent"
        self.assertAnswer(enrollment, "yes")

    def test_who_could_not_get_it_is_blocked(self):
        self.contact.marketing_refuse_sms = True
        self.assertAnswer(self._asked({"sms_is_blocked": True}), "yes")

    def test_lead_and_account(self):
        for target in (self.lead, self.account):
            enrollment = self._asked({"sms_is_sent": True}, target)
            self._trace(enrollment).trace_status = "pending"
            self.assertAnswer(enrollment, "yes")

    def test_check_and_summary(self):
        self.assertEqual(len(self._rule_messages(self._asking({"kind": "sms_status"}))), 2)
        self._asked({"sms_is_sent": True, "sms_is_error": True})
        rule = self._step(self.scenario, "if").rule_ids
        self.assertEqual(rule._validate(), [])
        self.assertEqual(rule.summary, "Previous SMS = SMS sent / SMS error")
        rule.sms_step_id = self._step(self.scenario, "sms")
        copied = self.scenario.copy()
        self.assertEqual(self._step(copied, "if").rule_ids.sms_step_id, self._step(copied, "sms"))
