from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestScenario(ScenarioCase):
    def _codes(self, scenario):
        return {issue["code"] for issue in scenario.check()}

    def test_begins_with_start_that_stays(self):
        scenario = self.env["marketing.scenario"].create({"name": "New"})
        self.assertEqual(scenario.step_ids.step_type, "start")
        with self.assertRaisesRegex(UserError, "Start"):
            scenario.step_ids.unlink()
        with self.assertRaisesRegex(UserError, "type"):
            scenario.step_ids.step_type = "end"

    def test_activation_returns_to_the_list(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        action = scenario.action_activate()
        self.assertEqual(scenario.state, "active")
        self.assertEqual(action["res_model"], "marketing.scenario")

    def test_missing_end_refuses_activation_and_is_offered(self):
        scenario = self.env["marketing.scenario"].create({"name": "Open"})
        self._add_steps(scenario.start_step_id, "next", [("pause", {"pause_days": 1}, "my pause")])
        with self.assertRaisesRegex(UserError, "my pause: .*End"):
            scenario.action_activate()
        self.assertTrue(scenario.has_missing_ends)
        scenario.action_add_missing_ends()
        self.assertFalse(scenario.has_missing_ends)
        scenario.action_activate()

    def test_date_in_the_past_is_a_warning_and_late_entrants_go_straight_on(self):
        scenario = self._make_scenario(
            ("score", {"score_points": 5}, "before"),
            ("pause", {"pause_mode": "date", "pause_date": date(2020, 1, 1)}, "old date"),
            ("score", {"score_points": 100}, "after"),
            active=False,
        )
        self.assertEqual(
            [(i["step_name"], i["level"], i["code"]) for i in scenario.check()], [("old date", "warning", "past_date")]
        )
        scenario.action_activate()
        self._enroll(scenario, self.contact)
        self.run_due()
        self.assertEqual(self.contact.marketing_score, 100)

    def test_loop_without_wait_refuses_activation(self):
        scenario = self._make_scenario(
            ("if", {"rule_ids": [(0, 0, {"kind": "score", "score_value": 1})]}, "hot?", {"no": [("goto", {}, "back")]}),
            active=False,
        )
        back = self._step(scenario, "back")
        back.goto_step_id = self._step(scenario, "hot?")
        with self.assertRaisesRegex(UserError, "back: .*pause"):
            scenario.action_activate()
        self._add_between(self._step(scenario, "hot?"), "no", "pause", pause_hours=1)
        self.assertNotIn("loop_without_wait", self._codes(scenario))

    def _add_between(self, parent, outcome, step_type, **settings):
        place = {"scenario_id": parent.scenario_id.id, "parent_id": parent.id, "outcome": outcome}
        values = {**place, "step_type": step_type, "name": "inserted", **settings}
        return parent._insert(outcome, lambda: parent.create(values))

    def test_step_of_another_scenario_is_refused_as_target(self):
        one = self._make_scenario(("goto", {}, "jump"), active=False)
        other = self._make_scenario(("pause", {"pause_days": 1}, "foreign"), active=False)
        self.assertIn("no_target", self._codes(one))
        with self.assertRaisesRegex(ValidationError, "jump: .*foreign.*another scenario"):
            self._step(one, "jump").goto_step_id = self._step(other, "foreign")

    def test_empty_pause_if_and_switch_are_refused(self):
        scenario = self._make_scenario(
            ("pause", {}, "p"), ("if", {}, "i", {"yes": [("switch", {}, "s")]}), active=False
        )
        self.assertGreaterEqual(self._codes(scenario), {"empty_pause", "no_rule", "no_case"})

    def test_inserting_moves_the_follower_behind(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        inserted = self._add_between(scenario.start_step_id, "next", "pause", pause_hours=1)
        self.assertEqual(self._step(scenario, "wait").parent_id, inserted)
        self.assertEqual(scenario.step_ids.sorted("position").mapped("name"), ["Start", "inserted", "wait", "End"])
        with self.assertRaisesRegex(UserError, "ends its branch"):
            self._add_between(inserted, "next", "end")

    def test_nothing_follows_an_end(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        with self.assertRaisesRegex(ValidationError, "nothing can follow"):
            self._add_steps(self._step(scenario, "End"), "next", [("pause", {"pause_days": 1}, "too late")])

    def test_one_step_per_outcome(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._add_steps(scenario.start_step_id, "next", [("pause", {"pause_days": 1}, "second")])

    def test_no_step_under_itself(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "first"), ("pause", {"pause_days": 1}, "second"), active=False
        )
        self._step(scenario, "End").unlink()
        with self.assertRaises(UserError):
            self._step(scenario, "first").write({"parent_id": self._step(scenario, "second").id})

    def test_deleting_takes_what_hangs_below_unless_people_stand_there(self):
        scenario = self._make_scenario(
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "score", "score_value": 1})]},
                "hot?",
                {"no": [("pause", {"pause_days": 1}, "wait")]},
            )
        )
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        with self.assertRaisesRegex(UserError, "1 people stand on wait"):
            self._step(scenario, "hot?").unlink()
        enrollment.action_take_out()
        self._step(scenario, "hot?").unlink()
        self.assertEqual(scenario.step_ids.sorted("position").mapped("step_type"), ["start", "end"])

    def test_delete_is_refused_while_active(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        with self.assertRaisesRegex(UserError, "Deactivate"):
            scenario.unlink()
        scenario.action_deactivate()
        scenario.unlink()

    def test_copy_takes_the_tree_not_the_people(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"),
            (
                "switch",
                {"case_ids": [(0, 0, {"name": "hot", "rule_ids": [(0, 0, {"kind": "score", "score_value": 5})]})]},
                "which?",
                {"case_1": [("goto", {}, "again")]},
            ),
        )
        self._step(scenario, "again").goto_step_id = self._step(scenario, "wait")
        self._enroll(scenario, self.contact)
        copied = scenario.copy()
        self.assertEqual((copied.state, copied.enrollment_ids.ids), ("draft", []))
        self.assertEqual(
            copied.step_ids.sorted("position").mapped("name"), scenario.step_ids.sorted("position").mapped("name")
        )
        again = self._step(copied, "again")
        self.assertEqual(again.goto_step_id, self._step(copied, "wait"))
        self.assertEqual((again.outcome, again.parent_id.scenario_id), ("case_1", copied))
        self.assertEqual(self._step(copied, "which?").case_ids.rule_ids.score_value, 5)
        copied.action_activate()

    def test_unreachable_is_a_warning_only(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        self.assertNotIn("unreachable", self._codes(scenario))
        wait, end = self._step(scenario, "wait"), self._step(scenario, "End")
        self.env.flush_all()
        self.cr.execute("UPDATE marketing_scenario_step SET parent_id = %s WHERE id = %s", [end.id, wait.id])
        self.env.invalidate_all()
        issues = {issue["step_name"]: issue["level"] for issue in scenario.check() if issue["code"] == "unreachable"}
        self.assertEqual(issues, {"wait": "warning", "End": "warning"})

    def test_nothing_runs_in_the_name_of_an_archived_owner(self):
        owner = new_test_user(self.env, "leaver", groups="marketing_scenario.group_scenario_manager")
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), user_id=owner.id)
        owner.active = False
        self.assertEqual(scenario.state, "inactive")
        self.assertIn("owner was archived", scenario.message_ids[:1].body)
        with self.assertRaisesRegex(UserError, "owner"):
            scenario.action_activate()
        scenario.user_id = self.env.user
        scenario.action_activate()
        self.assertEqual(scenario.state, "active")

    def test_nobody_makes_a_scenario_run_as_somebody_else(self):
        manager = new_test_user(self.env, "stamped", groups="marketing_scenario.group_scenario_manager")
        scenarios = self.env["marketing.scenario"].with_user(manager)
        with self.assertRaises(AccessError):
            scenarios.create({"name": "X", "user_id": self.env.ref("base.user_admin").id})
        self.assertEqual(scenarios.create({"name": "X"}).user_id, manager)
