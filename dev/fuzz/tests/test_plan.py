"""The plan of a round: always the same from a seed, and one that the check before activation lets pass."""

import unittest

from fuzz import plan

SEEDS = range(200)


class TestPlan(unittest.TestCase):
    def test_a_seed_always_gives_the_same_plan(self):
        for seed in (0, 7, 99_999):
            self.assertEqual(plan.make(seed), plan.make(seed))
            self.assertEqual(plan.text(plan.make(seed)), plan.text(plan.make(seed)))
        self.assertNotEqual(plan.make(1).scenarios, plan.make(2).scenarios)

    def test_every_step_type_deed_and_trouble_occurs(self):
        plans = [plan.make(seed) for seed in SEEDS]
        kinds = {step.kind for one in plans for scenario in one.scenarios for step in scenario.flat()}
        self.assertEqual(
            kinds,
            {*plan.ACTIONS, *plan.MESSAGES, "pause", "if", "switch", "goto", "scenario", "end"},
        )
        settings = {
            name for one in plans for scenario in one.scenarios for step in scenario.flat() for name in step.settings
        }
        self.assertLessEqual({"shift", "expiry", "file", "opening_hours", "variants"}, settings)
        self.assertEqual({deed.name for one in plans for deeds in one.clerks for deed in deeds}, set(plan.DEEDS))
        self.assertEqual({trouble.name for one in plans for trouble in one.troubles}, set(plan.FAULTS))

    def test_every_branch_is_closed_and_nothing_follows_what_closes_it(self):
        for seed in SEEDS:
            for scenario in plan.make(seed).scenarios:
                for branch in self.branches(scenario.steps):
                    closing = [step.kind in ("end", "goto", "scenario", "if", "switch") for step in branch]
                    self.assertEqual(closing, [False] * (len(branch) - 1) + [True], (seed, branch))

    def test_a_way_back_leads_to_a_pause_above_so_that_no_loop_runs_without_waiting(self):
        for seed in SEEDS:
            for scenario in plan.make(seed).scenarios:
                for above, step in self.with_what_is_above(scenario.steps, []):
                    if step.kind == "goto":
                        self.assertIn(step.settings["target"], [one.name for one in above if one.kind == "pause"])

    def test_a_scenario_launches_only_one_made_before_it(self):
        for seed in SEEDS:
            for number, scenario in enumerate(plan.make(seed).scenarios):
                launched = [step.settings["scenario"] for step in scenario.flat() if step.kind == "scenario"]
                self.assertTrue(all(other < number for other in launched))

    def test_people_share_addresses_and_belong_to_people_made_before_them(self):
        shared = 0
        for seed in SEEDS:
            people = plan.make(seed).people
            emails = [person.email for person in people if person.email is not None]
            shared += len(emails) > len(set(emails))
            for person in people:
                for other, kind in ((person.employer, "account"), (person.contact, "contact")):
                    if other is not None:
                        self.assertLess(other, person.number)
                        self.assertEqual(people[other].kind, kind)
        self.assertGreater(shared, len(SEEDS) * 0.9)

    def branches(self, steps):
        yield steps
        for step in steps:
            for inner in step.ways.values():
                yield from self.branches(inner)

    def with_what_is_above(self, steps, above):
        above = [*above]
        for step in steps:
            yield above, step
            above.append(step)
            for inner in step.ways.values():
                yield from self.with_what_is_above(inner, above)
