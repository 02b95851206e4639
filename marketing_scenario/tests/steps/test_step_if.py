from datetime import timedelta

from odoo.tests import tagged

from ..step_case import StepCase

OPTED_IN = {"kind": "consent"}
RICH = {"kind": "score", "score_operator": ">=", "score_value": 10}


@tagged("post_install", "-at_install")
class TestStepIf(StepCase):
    def _scenario(self, *rules, **vals):
        settings = {"rule_ids": [(0, 0, rule) for rule in rules], **vals}
        wait = {"pause_days": 30}
        branches = {"yes": [("pause", wait, "yes")], "no": [("pause", wait, "no")]}
        return self._make_scenario(("if", settings, "step", branches))

    def _answers(self, scenario, *records):
        return [enrollment.step_id.name for enrollment in self._walk(scenario, *records)]

    def test_contact_account_and_lead(self):
        self.account.marketing_optin = False
        self.assertEqual(self._answers(self._scenario(OPTED_IN)), ["yes", "no", "yes"])

    def test_and_or_not(self):
        self.contact._add_score(10, "before")
        people = (self.contact, self.account)
        for combine, rules, expected in (
            ("all", (OPTED_IN, RICH), ["yes", "no"]),
            ("any", (OPTED_IN, RICH), ["yes", "yes"]),
            ("all", ({**RICH, "negate": True},), ["no", "yes"]),
        ):
            with self.subTest(combine):
                self.assertEqual(self._answers(self._scenario(*rules, rule_combine=combine), *people), expected)

    def test_chained_without_limit(self):
        inner = ("score", {"score_points": 1}, "deep")
        for depth in range(12):
            inner = ("if", {"rule_ids": [(0, 0, OPTED_IN)]}, f"if{depth}", {"yes": [inner]})
        enrollment = self._walk(self._make_scenario(inner), self.contact)
        self.assertEqual((self.contact.marketing_score, enrollment.state), (1, "done"))

    def test_waits_up_to_then_takes_no(self):
        scenario = self._scenario(RICH, if_wait_days=2)
        soon, late = self._walk(scenario, self.contact, self.account)
        self.assertEqual(soon.wait_reason, "wait_event")
        self.contact._add_score(10, "meanwhile")
        soon._write_unchecked({"next_run_at": self.now})
        self.forward(hours=1)
        self.assertEqual((soon.step_id.name, late.step_id.name), ("yes", "step"))
        self.forward(days=2)
        self.assertEqual(late.step_id.name, "no")
        self.assertIn("step:timeout", self.path(late))

    def test_read_at_the_end_of_the_delay(self):
        """M-5: what happens during the pause before the condition counts."""
        scenario = self._make_scenario(
            ("pause", {"pause_days": 7}, "delay"),
            ("if", {"rule_ids": [(0, 0, RICH)]}, "step", {"yes": [("pause", {"pause_days": 1}, "yes")]}),
        )
        enrollment = self._walk(scenario, self.contact)
        self.forward(days=6)
        self.contact._add_score(10, "on the sixth day")
        self.forward(days=1)
        self.assertEqual(enrollment.step_id.name, "yes")
        self.assertEqual(enrollment.next_run_at, self.now + timedelta(days=1))

    def test_both_sides_always_exist(self):
        scenario = self._scenario(OPTED_IN)
        self.assertEqual(self._step(scenario, "step")._outcome_codes(), ["yes", "no"])
        self._step(scenario, "no").unlink()
        tail = self._step(scenario, "step").child_ids.filtered(lambda step: step.outcome == "no")
        self.assertEqual(tail.step_type, "end", "emptied while active, a side ends")

    def test_deleting_it_deletes_what_follows(self):
        scenario = self._scenario(OPTED_IN)
        self._step(scenario, "step").unlink()
        self.assertEqual(scenario.step_ids.sorted("position").mapped("step_type"), ["start", "end"])

    def test_check_and_summary(self):
        self.assertEqual(self._issue_codes(self._scenario()), ["no_rule"])
        self.assertEqual(self._issue_codes(self._scenario({"kind": "tag"})), ["broken_rule"])
        scenario = self._scenario(OPTED_IN, RICH)
        self.assertEqual(self._step(scenario, "step").summary, "has opted in and score is at least 10")

    def test_budget(self):
        self.assertBudget(self._scenario(OPTED_IN, RICH), constant=26)
