from datetime import timedelta

from odoo.tests import tagged

from .common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestEngine(ScenarioCase):
    def test_journey_pause_if_tag_end(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"),
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": tag.id})]},
                "vip?",
                {"yes": [("end", {}, "out")], "no": [("tag", {"tag_id": tag.id}, "mark")]},
            ),
        )
        enrollment = self._enroll(scenario, self.contact)
        self.assertEqual(self.run_due(), 1)
        self.assertEqual(enrollment.step_id.name, "wait")
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=1))
        self.assertEqual(self.run_due(), 0)
        self.forward(days=1)
        self.assertJourney(enrollment, "wait:next", "vip?:no", "mark:next", "End:end")
        self.assertEqual((enrollment.state, enrollment.end_reason), ("done", "end_step"))
        self.assertIn(tag, self.contact.category_id)
