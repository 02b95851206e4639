"""Buttons above a list: what became of many runs at once is told in words, and nobody is left out silently (S42)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ScenarioCase

POINTS = {"kind": "score", "score_operator": ">=", "score_value": 1}


@tagged("post_install", "-at_install")
class TestManyAtOnce(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(("pause", {"pause_days": 3}, "wait"))
        self.people = self.contact + self._make_contact("Max") + self._make_contact("Zoé")
        self.runs = self._enroll(self.scenario, self.people)
        self.run_due()

    def told(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["message"], action["params"]["type"]

    def test_it_is_told_with_how_many_and_who_is_left(self):
        self.runs[0].action_take_out()
        self.assertEqual(
            self.told(self.runs.action_pause()), ("On hold now: 2. Left as they were: Stopped: 1.", "warning")
        )
        self.assertEqual(
            self.told(self.runs[1:].action_run_now()), ("Walk on at once: 0. Left as they were: Paused: 2.", "warning")
        )
        self.assertEqual(self.told(self.runs[1:].action_resume()), ("Go on: 2.", "success"))
        self.assertEqual(
            self.told(self.runs.action_take_out()), ("Taken out: 2. Left as they were: Stopped: 1.", "warning")
        )

    def test_of_a_single_one_the_screen_shows_it(self):
        self.assertIs(self.runs[0].action_pause(), True)
        self.assertEqual(
            self.told(self.runs[0].action_pause()), ("On hold now: 0. Left as they were: Paused: 1.", "warning")
        )

    def test_who_stands_where_ways_part_does_not_keep_the_others_from_skipping(self):
        parted = self._make_scenario(
            ("if", {"rule_ids": [(0, 0, POINTS)], "if_wait_days": 2}, "Hot?", {"yes": [("end", {}, "hot")]})
        )
        barred = self._enroll(parted, self.contact)
        self.run_due()
        with self.assertRaisesRegex(UserError, "“Hot\\?” cannot be skipped"):
            barred.action_skip()
        self.runs[0].action_take_out()
        self.assertEqual(
            self.told((self.runs + barred).action_skip()),
            ("Go on without their step: 2. Left as they were: Stopped: 1, Hot?: 1.", "warning"),
        )
        self.assertEqual(self.runs[1:].mapped("step_id.name"), ["End"])
        self.assertEqual(barred.step_id.name, "Hot?")

    def test_those_of_several_scenarios_are_not_asked_for_a_step(self):
        other = self._enroll(self._make_scenario(("pause", {"pause_days": 3}, "wait")), self.contact)
        with self.assertRaisesRegex(UserError, "several scenarios"):
            (self.runs + other).action_move()

    def test_the_dialog_tells_it_too(self):
        self.runs[0].action_take_out()
        for action, vals, message in (
            (self.runs.action_move(), {"step_id": self._step(self.scenario, "wait").id}, "Moved: 2."),
            (self.runs.action_reschedule(), {"moment": self.now}, "Have another moment: 2."),
        ):
            dialog = self.env[action["res_model"]].with_context(**action["context"]).create(vals)
            self.assertEqual(
                self.told(dialog.action_confirm()), (f"{message} Left as they were: Stopped: 1.", "warning")
            )
