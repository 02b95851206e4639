"""Waits counted anew on request, after a pause, a wait or a window was changed (S41)."""

import re
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestRecalculation(ScenarioCase):
    def asleep(self, *steps, **vals):
        """People who came to the first of ``steps`` today and two days ago: ``(step, enrollments)``."""
        scenario = self._make_scenario(*steps, **vals)
        self.set_now(MONDAY - timedelta(days=2))
        early = self._enroll(scenario, self.contact)
        self.run_due()
        self.set_now(MONDAY)
        late = self._enroll(scenario, self._make_contact("Late", "late@example.com"))
        self.run_due()
        return early.step_id, early + late

    def dialog(self, step):
        action = step.action_recalculate()
        return self.env[action["res_model"]].with_context(**action["context"]).create({})

    def moments(self, runs):
        runs.invalidate_recordset()
        return [run.next_run_at for run in runs]

    def test_a_changed_pause_touches_nobody_until_it_is_asked_for(self):
        step, runs = self.asleep(("pause", {"pause_days": 10}, "wait"))
        step.pause_days = 1
        self.forward(hours=1)
        self.assertEqual(set(runs.mapped("state")), {"running"})
        self.assertEqual(self.moments(runs), [MONDAY + timedelta(days=8), MONDAY + timedelta(days=10)])

    def test_the_dialog_tells_how_many_and_which_moments_and_asks_once(self):
        step, runs = self.asleep(("pause", {"pause_days": 10}, "wait"))
        step.pause_days = 1
        dialog = self.dialog(step)
        self.assertEqual((dialog.changed_count, dialog.at_once_count), (2, 1))
        rows = [["03/02/2026", "0", "1"], ["03/03/2026", "0", "1"], ["03/10/2026", "1", "0"], ["03/12/2026", "1", "0"]]
        for row in rows:
            self.assertIn("".join(row), re.sub(r"<[^>]*>", "", str(dialog.preview)))
        self.assertEqual(self.moments(runs), [MONDAY + timedelta(days=8), MONDAY + timedelta(days=10)], "only asked")
        dialog.action_confirm()
        self.assertEqual(self.moments(runs), [MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)])
        self.run_due()
        self.assertJourney(runs[0], "wait:rescheduled", "wait:next", "End:end")
        self.assertEqual(runs[0].trace_ids.filtered(lambda t: t.event == "rescheduled").reason, "recalculated")
        self.assertEqual(runs[1].state, "running")
        again = self.dialog(step)
        self.assertEqual((again.changed_count, again.preview), (0, False), "nothing is left to change")

    def test_a_wait_for_a_condition_gets_its_new_end(self):
        rule = {"kind": "score", "score_value": 10}
        step, runs = self.asleep(("if", {"if_wait_days": 10, "rule_ids": [(0, 0, rule)]}, "wait"))
        step.if_wait_days = 5
        self.dialog(step).action_confirm()
        self.run_due()
        runs.invalidate_recordset()
        self.assertEqual(runs.mapped("wait_until"), [MONDAY + timedelta(days=3), MONDAY + timedelta(days=5)])
        self.forward(days=3)
        self.assertEqual(self.path(runs[0])[-2:], ["wait:timeout", "End:end"])
        self.assertEqual(runs[1].step_id, step)

    def test_a_changed_window_opens_earlier_for_those_who_wait(self):
        window = self.env["marketing.window"].create({"name": "Late", "hour_from": 15, "hour_to": 18})
        kind = self.env.ref("mail.mail_activity_data_call")
        action = {"activity_type_id": kind.id, "keeps_hours": True, "window_id": window.id}
        scenario = self._make_scenario(("activity", action, "call"))
        run = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertEqual((run.wait_reason, run.next_run_at), ("outside_window", datetime(2026, 3, 2, 14)))
        window.hour_from = 13
        dialog = (
            self.env["marketing.scenario.recalculate"].with_context(**window.action_recalculate()["context"]).create({})
        )
        self.assertEqual(dialog.changed_count, 1)
        dialog.action_confirm()
        self.assertEqual(self.moments(run), [datetime(2026, 3, 2, 12)])
        window.hour_from = 9
        self.dialog(run.step_id).action_confirm()
        self.run_due()
        self.assertEqual(run.state, "done", "it is open now")

    def test_a_changed_window_of_the_scenario_reaches_all_its_steps(self):
        office, every_day = (self.env.ref(f"marketing_scenario.window_{name}") for name in ("office", "every_day"))
        scenario = self._make_scenario(
            ("score", {"score_points": 1, "keeps_hours": True}, "points"), window_id=office.id
        )
        self.set_now(datetime(2026, 3, 6, 18, 30))  # a Friday evening in Paris
        run = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertEqual(run.next_run_at, datetime(2026, 3, 9, 8))
        scenario.window_id = every_day
        action = scenario.action_recalculate()
        self.env[action["res_model"]].with_context(**action["context"]).create({}).action_confirm()
        self.assertEqual(self.moments(run), [datetime(2026, 3, 6, 18, 30)], "it is open until eight in the evening")

    def test_the_time_on_hold_does_not_count(self):
        step, runs = self.asleep(("pause", {"pause_days": 10}, "wait"))
        held = runs[1]
        held.action_pause()
        self.forward(days=5)
        held.action_resume()
        step.pause_days = 3
        self.dialog(step).action_confirm()
        self.assertEqual(self.moments(held), [MONDAY + timedelta(days=8)])

    def test_each_turn_of_a_loop_counts_from_its_own_arrival(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), ("goto", {}, "again"), active=False)
        wait = self._step(scenario, "wait")
        self._step(scenario, "again").goto_step_id = wait
        scenario._set_state("active")
        run = self._enroll(scenario, self.contact)
        self.run_due()
        self.forward(days=1)
        self.assertEqual((run.step_id, run.wait_from), (wait, MONDAY + timedelta(days=1)))

    def test_it_costs_the_same_for_two_and_for_two_hundred(self):
        counts = {}
        for number in (2, 200):
            step, _runs = self.asleep(("pause", {"pause_days": 10}, "wait"))
            contacts = self.env["res.partner"].create([{"name": f"{number} {i}"} for i in range(number)])
            self._enroll(step.scenario_id, contacts)
            self.run_due()
            step.pause_days = 5
            dialog = self.dialog(step)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            dialog.action_confirm()
            counts[number] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[200], counts[2] + 2, counts)

    def test_only_who_may_change_the_scenario_may_ask(self):
        step, _runs = self.asleep(("pause", {"pause_days": 10}, "wait"))
        user = new_test_user(self.env, "recalculates", groups="marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            step.with_user(user).action_recalculate()
