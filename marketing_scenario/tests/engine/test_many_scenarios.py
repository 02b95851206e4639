from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ...models.engine import engine as engine_module
from ...models.engine.rotation import Rotation
from ..common import ScenarioCase

SHARE = 20


@tagged("post_install", "-at_install")
class TestManyScenarios(ScenarioCase):
    """Many scenarios share a batch: none is left out, and the cost is that of the people, not of the scenarios."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})

    def _scenarios(self, count):
        condition = {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": self.tag.id})]}
        steps = ("pause", {"pause_days": 1}, "wait"), ("if", condition, "vip?", {"yes": [], "no": []})
        return [self._make_scenario(*steps, name=f"Scenario {number}") for number in range(count)]

    def test_who_comes_next_follows_the_one_served_last(self):
        rotation = Rotation(last=20)
        self.assertEqual(rotation.order([30, 10, 20, 40]), [30, 40, 10, 20])
        rotation.served_until(40)
        self.assertEqual(rotation.order([10, 30, 50]), [50, 10, 30])
        rotation.served_until(50)
        self.assertEqual(rotation.order([10, 30]), [10, 30])
        self.assertEqual(sorted(Rotation().order([3, 1, 2])), [1, 2, 3], "it begins anywhere, and leaves out none")
        self.assertEqual(Rotation().order([]), [])

    def test_small_shares_take_turns(self):
        """In a batch too small for all, a scenario gets a share worth the work, and the next batch begins behind it."""
        self.startPatcher(patch.object(engine_module, "MOST_SHARES", 1))
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(SHARE + 5)])
        scenarios = self._scenarios(3)
        for scenario in scenarios:
            self._enroll(scenario, people)
        self.run_due()
        self.set_now(self.now + timedelta(days=1))
        engine, rotation = self.env["marketing.scenario.engine"], Rotation(last=0)

        def left():
            for scenario in scenarios:
                scenario.enrollment_ids.invalidate_recordset()
            return [len(scenario.enrollment_ids.filtered(lambda e: e.state == "running")) for scenario in scenarios]

        self.assertEqual(engine._run_due(limit=SHARE, rotation=rotation), SHARE)
        self.assertEqual(left(), [5, SHARE + 5, SHARE + 5])
        engine._run_due(limit=SHARE, rotation=rotation)
        engine._run_due(limit=SHARE, rotation=rotation)
        self.assertEqual(left(), [5, 5, 5])
        while engine._run_due(limit=SHARE, rotation=rotation):
            pass
        self.assertEqual(left(), [0, 0, 0])

    def test_settings_of_all_scenarios_are_read_at_once(self):
        """Each further scenario of a batch costs its rule, not the reading of its steps, nor savepoints of its own."""
        scenarios = self._scenarios(12)
        costs = []
        for chosen in (scenarios[:2], scenarios):
            for scenario in chosen:
                self._enroll(scenario, self._make_contact("Somebody"))
            self.run_due()
            self.set_now(self.now + timedelta(days=1))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.run_due(), len(chosen))
            costs.append(self.env.cr.sql_log_count - before)
        each = (costs[1] - costs[0]) / 10
        self.assertLessEqual(each, 4, "the rule, the people asked about")

    def test_one_that_fails_costs_the_other_scenarios_nothing(self):
        """All steps of a batch that stand side by side are executed as one; who makes one of them fail is found."""
        scenarios = self._scenarios(3)
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(4)])
        runs = [self._enroll(scenario, people) for scenario in scenarios]
        culprit = runs[1][2]
        self.run_due()
        self.set_now(self.now + timedelta(days=1))
        executed = type(self.env["marketing.scenario.step"])._execute_if

        def execute(step, decisions, enrollments):
            if culprit in enrollments:
                raise ValueError("a bad record")
            executed(step, decisions, enrollments)

        with patch.object(type(self.env["marketing.scenario.step"]), "_execute_if", execute):
            self.run_due()
        everybody = runs[0] + runs[1] + runs[2]
        everybody.invalidate_recordset()
        self.assertEqual(set((everybody - culprit).mapped("state")), {"done"})
        self.assertRecordValues(culprit, [{"state": "running", "attempts": 1, "error_message": "a bad record"}])
        for run in everybody - culprit:
            self.assertEqual(run.trace_ids.sorted("id").mapped("event"), ["entered", False, False, "end"])

    def test_a_condition_that_asks_no_path_writes_none_before(self):
        scenario = self._scenarios(1)[0]
        step = self._step(scenario, "vip?")
        self.assertFalse(step._describe()["reads_path"])
        kind = self.env.ref("mail.mail_activity_data_call")
        step.rule_ids.create({"step_id": step.id, "kind": "activity_done", "activity_type_id": kind.id})
        self.assertTrue(step._describe()["reads_path"], "what was done in this very batch counts")
