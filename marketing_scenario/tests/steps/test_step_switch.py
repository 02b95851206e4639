from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..step_case import StepCase


def case(name, *rules, **vals):
    return (0, 0, {"name": name, "rule_ids": [(0, 0, rule) for rule in rules], **vals})


def score(points):
    return {"kind": "score", "score_operator": ">=", "score_value": points}


@tagged("post_install", "-at_install")
class TestStepSwitch(StepCase):
    def _scenario(self, *cases):
        wait = {"pause_days": 30}
        ways = [*(f"case_{number + 1}" for number in range(len(cases))), "otherwise"]
        return self._make_scenario(
            ("switch", {"case_ids": list(cases)}, "step", {way: [("pause", wait, way)] for way in ways})
        )

    def test_contact_account_and_lead_each_their_way(self):
        self.contact._add_score(50, "x")
        self.account._add_score(20, "x")
        enrollments = self._walk(self._scenario(case("Hot", score(50)), case("Warm", score(10))))
        self.assertEqual([e.step_id.name for e in enrollments], ["case_1", "case_2", "otherwise"])

    def test_the_first_case_that_holds_wins(self):
        self.contact._add_score(50, "x")
        scenario = self._scenario(case("Wide", score(10), sequence=1), case("Narrow", score(50), sequence=2))
        self.assertEqual(self._walk(scenario, self.contact).step_id.name, "case_1")

    def test_reordered_cases_keep_their_ways(self):
        self.contact._add_score(50, "x")
        scenario = self._scenario(case("Wide", score(10), sequence=1), case("Narrow", score(50), sequence=2))
        self._step(scenario, "step").case_ids[1].sequence = 0
        self.env.invalidate_all()
        self.assertEqual(self._walk(scenario, self.contact).step_id.name, "case_2")

    def test_many_siblings(self):
        scenario = self._scenario(*(case(f"C{i}", score(1000 + i)) for i in range(8)))
        self.assertEqual(self._walk(scenario, self.contact).step_id.name, "otherwise")
        self.assertEqual(len(self._step(scenario, "step")._outcome_codes()), 9)

    def test_a_case_in_use_cannot_be_deleted_alone(self):
        scenario = self._scenario(case("Hot", score(50)))
        with self.assertRaises(ValidationError):
            self._step(scenario, "step").case_ids.unlink()

    def test_deleting_it_deletes_what_follows(self):
        scenario = self._scenario(case("Hot", score(50)))
        self._step(scenario, "step").unlink()
        self.assertEqual(scenario.step_ids.sorted("position").mapped("step_type"), ["start", "end"])

    def test_check_and_summary(self):
        self.assertEqual(self._issue_codes(self._scenario_of("switch")), ["no_case"])
        self.assertEqual(self._issue_codes(self._scenario(case("Empty"))), ["no_rule"])
        scenario = self._scenario(case("Hot", score(50)), case("Warm", score(10)))
        self.assertEqual(self._step(scenario, "step").summary, "Hot / Warm")

    def test_budget(self):
        self.assertBudget(self._scenario(case("Hot", score(50)), case("Warm", score(10))), constant=35)
