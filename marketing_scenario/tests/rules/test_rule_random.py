from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleRandom(RuleCase):
    def _people(self, count):
        people = self.env["res.partner"].create([{"name": f"Person {i}"} for i in range(count)])
        return people

    def test_share_and_extremes(self):
        for percent, low, high in ((0, 0, 0), (100, 400, 400), (30, 80, 160)):
            with self.subTest(percent):
                scenario = self._asking({"kind": "random", "random_percent": percent})
                enrollments = self._walk(scenario, self._people(400))
                yes = len(enrollments.filtered(lambda enrollment: enrollment.step_id.name == "yes"))
                self.assertTrue(low <= yes <= high, yes)

    def test_the_same_run_gets_the_same_answer(self):
        scenario = self._asking({"kind": "random", "random_percent": 50})
        enrollments = self._enroll(scenario, self._people(50))
        rule = self._step(scenario, "if").rule_ids
        self.assertEqual(rule._match(enrollments), rule._match(enrollments))

    def test_cases_of_a_switch_add_up(self):
        cases = [
            (0, 0, {"name": name, "rule_ids": [(0, 0, {"kind": "random", "random_percent": 30})]}) for name in "AB"
        ]
        scenario = self._make_scenario(("switch", {"case_ids": cases}, "switch"))
        switch = self._step(scenario, "switch")
        enrollments = self._enroll(scenario, self._people(600))
        first, second = (case._match_rules(enrollments) for case in switch.case_ids)
        self.assertFalse(first & second)
        for part in (first, second):
            self.assertTrue(130 <= len(part) <= 230, len(part))
        self.assertEqual(switch.case_ids.rule_ids[1]._validate(), [])
        switch.case_ids.rule_ids[1].random_percent = 80
        self.assertEqual(len(switch.case_ids.rule_ids[1]._validate()), 1)

    def test_contact_account_and_lead(self):
        self.assertAnswers(
            {"kind": "random", "random_percent": 100}, dict.fromkeys((self.contact, self.account, self.lead), "yes")
        )

    def test_summary(self):
        scenario = self._asking({"kind": "random", "random_percent": 12.5})
        self.assertEqual(self._step(scenario, "if").rule_ids.summary, "12.5 % at random")
