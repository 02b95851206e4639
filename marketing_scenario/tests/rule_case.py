from .step_case import StepCase


class RuleCase(StepCase):
    """A scenario that asks one rule at once: who answers yes stands on the pause "yes", the others on "no"."""

    def _asking(self, rule, *before, **vals):
        wait = {"pause_days": 30}
        branches = {"yes": [("pause", wait, "yes")], "no": [("pause", wait, "no")]}
        return self._make_scenario(*before, ("if", {"rule_ids": [(0, 0, rule)]}, "if", branches), **vals)

    def assertAnswers(self, rule, expected):
        """``expected``: ``{record: "yes" or "no"}``, all asked together."""
        scenario = self._asking(rule)
        enrollments = self._walk(scenario, *expected)
        answers = [enrollment.step_id.name for enrollment in enrollments]
        self.assertEqual(answers, list(expected.values()))
        return scenario

    def _rule_messages(self, scenario):
        return self._step(scenario, "if").rule_ids._validate()
