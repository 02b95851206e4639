from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

SECRET = "Léa Martin called from +33612345678"


@tagged("post_install", "-at_install")
class TestErasure(ScenarioCase):
    def _history(self, record):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        enrollment = self._enroll(scenario, record)
        self.run_due()
        enrollment._trace("resumed", message=SECRET)
        enrollment.error_message = SECRET
        call = self.env["marketing.webhook.call"].create(
            {
                "enrollment_id": enrollment.id,
                "delivery": "1",
                "url": "https://example.com",
                "body": SECRET,
                "next_try_at": self.now,
            }
        )
        mail_trace = self.env["mailing.trace"].create(
            {"model": record._name, "res_id": record.id, "email": SECRET, "marketing_enrollment_id": enrollment.id}
        )
        record._add_score(5, SECRET)
        return enrollment, call, mail_trace

    def assertForgotten(self, enrollment, call, mail_trace):
        (enrollment | self.env[enrollment._name]).invalidate_recordset()
        self.assertFalse(call.exists())
        texts = [*enrollment.trace_ids.mapped("message"), enrollment.error_message, mail_trace.email]
        self.assertFalse([text for text in texts if text])
        self.assertFalse(self.env["marketing.score.line"].search([("reason", "=", SECRET)]))

    def test_deleting_leaves_no_personal_data(self):
        for record in (self._make_contact("Léa"), self._make_lead("Léa's lead")):
            with self.subTest(record._name):
                rows = self._history(record)
                record.unlink()
                self.assertForgotten(*rows)
                self.assertEqual(rows[0].end_reason, "target_deleted")

    def test_on_request_the_record_stays_and_nothing_is_sent_any_more(self):
        rows = self._history(self.contact)
        self.contact.action_marketing_erase()
        self.assertForgotten(*rows)
        self.assertEqual((rows[0].state, rows[0].end_reason), ("stopped", "erased"))
        self.assertEqual(self.contact._blocked("email"), {self.contact.id: "refused_all"})

    def test_only_managers_may_erase(self):
        salesman = new_test_user(self.env, "erase_seller", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.contact.with_user(salesman).action_marketing_erase()
