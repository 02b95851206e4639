"""Start shows who enters the scenario on their own, and begins a way in (S14, S15, S18)."""

from datetime import timedelta

from odoo.tests import tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestDoors(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario = cls._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        cls.start = cls.scenario.start_step_id

    def summary(self):
        return self.scenario.canvas()["steps"][0]["summary"]

    def opened(self, action):
        self.assertEqual(action["target"], "new")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_without_a_door_start_says_nothing(self):
        self.assertEqual(self.summary(), "")
        self.assertFalse(self.start.door_automatism_ids or self.start.door_query_ids)

    def test_an_automation_begins_off_and_opens_with_the_scenario(self):
        automatism = self.opened(self.start.action_add_automatism())
        self.assertFalse(automatism.active, "it would reject everybody")
        self.assertEqual(automatism.action_ids.scenario_id, self.scenario)
        self.start.invalidate_recordset()
        self.assertEqual(self.start.door_automatism_ids, automatism, "also while it is off")
        self.assertEqual(self.summary(), "1 automation")
        self.scenario.action_activate()
        self.assertTrue(automatism.active)

    def test_a_door_of_an_active_scenario_waits_for_who_made_it(self):
        self.scenario.action_activate()
        automatism = self.opened(self.start.action_add_automatism())
        query = self.opened(self.start.action_add_query())
        self.assertFalse(automatism.active or automatism.opens_with_id, "it would let in whoever fills any form")
        self.assertFalse(query.active, "it would let in everybody")
        self.assertEqual(self.summary(), "1 automation, 1 dynamic query")

    def test_a_draft_of_changes_shows_the_doors_of_what_people_walk(self):
        self.scenario.action_activate()
        automatism = self.opened(self.start.action_add_automatism())
        draft = self.scenario._open_draft()
        self.assertEqual(draft.start_step_id.door_automatism_ids, automatism)
        other = self.opened(draft.start_step_id.action_add_query())
        self.assertEqual(other.scenario_id, self.scenario)

    def test_what_was_begun_and_left_alone_is_gone_after_a_day(self):
        self.scenario.action_activate()
        begun = self.opened(self.start.action_add_query()), self.opened(self.start.action_add_automatism())
        named = self.opened(self.start.action_add_query()), self.opened(self.start.action_add_automatism())
        for door in named:
            door.name = "Meant"

        def after(days):
            self.set_now(begun[0].create_date + timedelta(days=days))
            for door in begun:
                door._gc_begun()
            return [bool(door.exists()) for door in (*begun, *named)]

        self.assertEqual(after(0.9), [True] * 4)
        self.assertEqual(after(1.1), [False, False, True, True])
        self.assertFalse(named[0].copy().is_begun)
        self.env["marketing.door"]._gc_begun()
