from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepScenario(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_scenario(("pause", {"pause_days": 3}, "wait"), name="Other")

    def _launcher(self, **vals):
        return self._make_scenario(("scenario", {"scenario_launched_id": self.other.id}, "step"), name="First", **vals)

    def test_contact_account_and_lead(self):
        first = self._walk(self._launcher())
        self.assertEqual(set(first.mapped("state")), {"done"})
        self.assertEqual(set(first.mapped("end_reason")), {"launched"})
        launched = self.other.enrollment_ids
        self.assertEqual(set(launched.mapped("target_kind")), {"contact", "account", "lead"})
        self.assertEqual(set(launched.mapped("door")), {"scenario"})
        self.assertEqual(set(launched.step_id.mapped("name")), {"wait"})
        self.assertIn("First", launched.trace_ids.filtered(lambda trace: trace.event == "entered")[0].message)

    def test_refused_by_the_other_ends_all_the_same(self):
        self._enroll(self.other, self.contact)
        first = self._walk(self._launcher(), self.contact)
        self.assertEqual((first.state, first.end_reason), ("done", "launched"))
        self.assertEqual((self.other.refusal_ids.reason, self.other.refusal_ids.door), ("already_inside", "scenario"))

    def test_the_other_may_forbid_presence_in_several(self):
        self.other.allow_other_scenarios = False
        self._walk(self._launcher(), self.contact)
        self.assertEqual(self.other.enrollment_ids.partner_id, self.contact)

    def test_inactive_meanwhile(self):
        scenario = self._launcher()
        self.other.action_deactivate()
        first = self._walk(scenario, self.contact)
        self.assertEqual((first.state, first.wait_reason), ("running", "scenario_inactive"))
        self.forward(days=1)
        self.forward(days=1)
        self.assertEqual(self.path(first).count("step:skipped"), 1, "one wait is one trace")
        self.other.action_activate()
        self.forward(days=1)
        self.assertEqual((first.state, first.end_reason), ("done", "launched"))
        self.assertEqual(self.other.enrollment_ids.partner_id, self.contact)

    def test_inactive_meanwhile_leaves_where_the_scenario_says_so(self):
        scenario = self._launcher(on_refused="leave")
        self.other.action_deactivate()
        first = self._walk(scenario, self.contact)
        self.assertEqual((first.state, first.end_reason), ("stopped", "scenario_inactive"))

    def test_check(self):
        self.assertEqual(self._issue_codes(self._scenario_of("scenario")), ["no_scenario"])
        scenario = self._launcher()
        self.assertEqual(self._issue_codes(scenario), [])
        self.other.target_kinds = "lead"
        self.assertEqual(self._issue_codes(scenario), ["kind_not_allowed"])
        self.other.action_deactivate()
        self.assertEqual(self._issue_codes(scenario), ["scenario_inactive"])

    def test_circle_without_a_wait_is_refused(self):
        first = self._launcher()
        back = self._make_scenario(("scenario", {"scenario_launched_id": first.id}, "step"), name="Back")
        self._step(first, "step").scenario_launched_id = back
        self.assertEqual(self._issue_codes(first), ["launch_loop"])

    def test_circle_with_a_wait_is_fine(self):
        first = self._launcher()
        back = self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"), ("scenario", {"scenario_launched_id": first.id}, "step"), name="Back"
        )
        self._step(first, "step").scenario_launched_id = back
        self.assertEqual(self._issue_codes(first), [])

    def test_itself(self):
        scenario = self._launcher()
        with self.assertRaises(ValidationError):
            self._step(scenario, "step").scenario_launched_id = scenario

    def test_nothing_may_follow(self):
        self.assertEqual(self._step(self._launcher(), "step")._outcome_codes(), [])

    def test_budget(self):
        self.assertBudget(self._launcher(), constant=45)
