from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepEnd(StepCase):
    def _only_end(self):
        return self._make_scenario()

    def test_ends_the_run_of_every_kind(self):
        enrollments = self._walk(self._only_end())
        for enrollment in enrollments:
            self.assertJourney(enrollment, "End:end")
            self.assertEqual((enrollment.state, enrollment.end_reason), ("done", "end_step"))
            self.assertEqual(enrollment.ended_at, self.now)
            self.assertFalse(enrollment.next_run_at)

    def test_nothing_is_executed_after_it(self):
        self._walk(self._only_end())
        self.assertEqual(self.forward(days=365), 0)

    def test_budget(self):
        self.assertBudget(self._only_end(), 15)
