from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepStart(StepCase):
    def test_is_passed_by_every_kind_without_a_trace_of_its_own(self):
        enrollments = self._walk(self._scenario_of("pause", {"pause_days": 1}))
        self.assertEqual(set(enrollments.step_id.mapped("name")), {"step"})
        for enrollment in enrollments:
            self.assertEqual(self.path(enrollment), ["Start:entered"])

    def test_counts_everybody_who_entered_as_passed(self):
        scenario = self._scenario_of("pause", {"pause_days": 1})
        self._walk(scenario)
        self.assertEqual(scenario.start_step_id.passed_count, 3)

    def test_budget(self):
        self.assertBudget(self._scenario_of("pause", {"pause_days": 1}), 20)
