"""Runs that were taken out by mistake go on where they stood (S12, S51)."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestPutBack(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("pause", {"pause_days": 3}, "wait"), ("score", {"score_points": 1}, "points")
        )
        self.run = self.asleep(self.contact)

    def asleep(self, record, scenario=None):
        run = self._enroll(scenario or self.scenario, record)
        self.run_due()
        return run

    def put_back(self, runs, **vals):
        action = runs.action_put_back()
        dialog = self.env[action["res_model"]].with_context(**action["context"]).create(vals)
        asked = (dialog.returning_count, dialog.rejections)
        dialog.action_confirm()
        runs.invalidate_recordset()
        return asked

    def test_it_stands_again_where_it_stood_with_what_was_left_of_its_wait(self):
        self.forward(days=1)
        self.run.action_take_out()
        self.forward(days=20)
        self.assertEqual(self.put_back(self.run), (1, ""))
        self.assertEqual((self.run.state, self.run.step_id.name, self.run.wait_reason), ("running", "wait", "pause"))
        self.assertEqual(self.run.next_run_at, self.now + timedelta(days=2))
        self.assertFalse(self.run.end_reason or self.run.ended_at)
        self.forward(days=2)
        self.assertJourney(self.run, "wait:stopped", "wait:put_back", "wait:next", "points:next", "End:end")

    def test_a_pause_that_ran_out_meanwhile_is_over_when_asked_so(self):
        self.run.action_take_out()
        self.forward(days=20)
        self.put_back(self.run, time_away="count")
        self.run_due()
        self.assertEqual(self.path(self.run)[-3:], ["wait:next", "points:next", "End:end"])

    def test_who_was_on_hold_or_in_error_is_so_again(self):
        held = self.run
        held.action_pause()
        broken = self.asleep(self._make_contact("Broken"))
        broken.write({"state": "error", "error_message": "Boom", "next_run_at": False})
        runs = held + broken
        runs.action_take_out()
        self.forward(days=5)
        self.put_back(runs)
        self.assertEqual(runs.mapped("state"), ["paused", "error"])
        held.action_resume()
        self.assertEqual(held.next_run_at, self.now + timedelta(days=3))

    def test_after_archiving_and_bringing_back_the_record(self):
        self.contact.active = False
        self.assertEqual(self.run.end_reason, "target_archived")
        self.assertEqual(self.put_back(self.run), (0, "Record archived: 1"))
        self.assertEqual((self.run.state, self.path(self.run)[-1]), ("stopped", "wait:not_put_back"))
        self.contact.active = True
        self.put_back(self.run)
        self.assertEqual((self.run.state, self.run.next_run_at), ("running", MONDAY + timedelta(days=3)))

    def test_a_condition_that_came_true_meanwhile_is_noticed(self):
        rule = {"kind": "score", "score_value": 10}
        scenario = self._make_scenario(("if", {"if_wait_days": 9, "rule_ids": [(0, 0, rule)]}, "wait"))
        run = self.asleep(self._make_contact("Scores"), scenario)
        run.action_take_out()
        run.partner_id._add_score(10, "test")
        self.put_back(run)
        self.run_due()
        self.assertEqual(self.path(run)[-2:], ["wait:yes", "End:end"])

    def test_one_person_walks_a_scenario_once(self):
        lead = self._make_lead("Her lead", partner_id=self.contact.id)
        self.scenario.reentry = "finished"
        self.run.action_take_out()
        inside = self.asleep(lead)
        self.assertEqual(self.run._put_back(), {self.run.id: "already_inside"})
        inside.action_take_out()
        both = self.run + inside
        self.assertEqual(both._put_back(), {self.run.id: "already_inside"}, "of two the last one")
        self.assertEqual(both.mapped("state"), ["stopped", "running"])

    def test_presence_in_another_scenario_counts(self):
        self.scenario.allow_other_scenarios = False
        self.run.action_take_out()
        self.asleep(self.contact, self._make_scenario(("pause", {"pause_days": 3}, "other")))
        self.assertEqual(self.run._put_back(), {self.run.id: "other_scenario"})

    def test_the_erased_the_finished_and_the_gone_stay_out(self):
        erased, done, gone = self.run, self.asleep(self._make_contact("Done")), self.asleep(self._make_contact("Gone"))
        done._finish("end_step")
        erased._stop("erased")
        gone.partner_id.unlink()
        rejected = (erased + done + gone)._put_back()
        self.assertEqual(rejected, {erased.id: "erased", done.id: "not_taken_out", gone.id: "target_deleted"})

    def test_a_run_that_left_before_places_were_noted_does_its_step_anew(self):
        self.run.action_take_out()
        self.run.place_left = False
        self.forward(days=9)
        self.put_back(self.run)
        self.run_due()
        self.assertEqual((self.run.state, self.run.next_run_at), ("running", self.now + timedelta(days=3)))

    def test_many_go_back_in_a_few_statements(self):
        contacts = self.env["res.partner"].create([{"name": f"Contact {i}"} for i in range(200)])
        runs = self._enroll(self.scenario, contacts)
        self.run_due()
        runs.action_take_out()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(runs._put_back(), {})
        self.assertLess(self.env.cr.sql_log_count - before, 25)
        self.assertEqual(set(runs.mapped("state")), {"running"})

    def test_only_who_may_change_the_record(self):
        self.run.action_take_out()
        user = new_test_user(self.env, "returns", groups="base.group_user,marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            self.run.with_user(user)._put_back()
