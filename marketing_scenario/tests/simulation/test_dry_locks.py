"""A dry run never holds up the engine, however long it lasts (S39). Real transactions, committed."""

import time
from unittest.mock import patch

from odoo.tests import tagged

from ...models import clock
from ...models.engine import drain
from ...models.simulation.apart import crowd_world
from ...models.simulation.behaviour import Behaviour
from ...models.simulation.crowd import Crowd
from ...models.simulation.walk import Walk
from ...models.simulation.world import dry_world
from ..committed_case import CommittedCase

PEOPLE = 40
GIVE_UP = "30s"  # or a test that fails would wait for itself
MOST_SECONDS = 25  # half a second on an idle machine; more would be a wait that was given up
NOBODY = {rate: {"percent": 0} for rate in ("opened", "clicked", "replied")}


@tagged("post_install", "-at_install")
class TestDryLocks(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            values = [
                {"name": f"Dry {number}", "email": f"dry{number}@locks.example.com", "marketing_optin": True}
                for number in range(PEOPLE)
            ]
            people = env["res.partner"].create(values)
            self.people = people.ids
            env.company.write({"marketing_cap_count": 5, "marketing_cap_days": 7})
            self.scenario_ids = []
            self.other_id = self.entered(env, people.browse()).id
            self.scenario_id = self.entered(env, people, ("score", {"score_points": 1})).id
        self.addCleanup(self.tidy)

    def entered(self, env, people, *steps):
        """A new scenario that these people have just entered: a mail, and these steps."""
        scenario = env["marketing.scenario"].create({"name": "Dry locks", "allow_other_scenarios": True})
        self.scenario_ids.append(scenario.id)
        mail = {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"}
        step = scenario.start_step_id
        for kind, settings in (("one_to_one", mail), *steps, ("end", {})):
            place = {"scenario_id": scenario.id, "parent_id": step.id, "step_type": kind, "name": kind}
            step = step.create({**place, **settings})
        scenario._set_state("active")
        scenario._enroll(people, "hand")
        return scenario

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env.company.marketing_cap_count = 0
            scenario = env["marketing.scenario"].browse(self.scenario_ids)
            messages = env["mailing.trace"].search([("marketing_enrollment_id", "in", scenario.enrollment_ids.ids)])
            messages.mail_mail_id.unlink()
            messages.unlink()
            scenario._set_state("inactive")
            scenario.unlink()
            env["marketing.score.line"].search([("partner_id", "in", self.people)]).unlink()
            env["res.partner"].browse(self.people).unlink()
            env["marketing.latch"].search([]).unlink()
        self.registry.clear_all_caches()

    def engine_beside(self, world, dry_run, wait=None):
        """Have the engine work while a dry run, which has done all it does, is not over yet.

        :param world: ``(environment, moment)`` → the context in which it walks
        :param dry_run: ``(dry environment)`` → None
        :param wait: how long the engine waits for a lock, at most; None: as long as it does
        :return: ``(seconds, the runs afterwards as (partner id, state, wait reason))``
        """
        with self.registry.cursor() as one, self.registry.cursor() as two:
            engine = self.environment(two)["marketing.scenario.engine"]
            two.execute("SET LOCAL statement_timeout = %s", [GIVE_UP])
            with (
                world(self.environment(one), clock.now(engine.env)) as dry,
                patch.object(drain, "LOCK_TIMEOUT", wait or drain.LOCK_TIMEOUT),
            ):
                dry_run(dry)
                began = time.monotonic()
                engine._run_due()
                seconds = time.monotonic() - began
            runs = engine.env["marketing.scenario"].browse(self.scenario_id).enrollment_ids
            runs.invalidate_recordset()
            told = [(run.partner_id.id, run.state, run.wait_reason) for run in runs]
            two.rollback()
        return seconds, told

    def test_people_enter_while_a_forecast_lets_them_enter(self):
        def forecast(dry):
            scenario = dry["marketing.scenario"].browse(self.other_id)
            crowd = Crowd(dry, scenario, Behaviour(None, NOBODY))
            crowd.enter(dry["res.partner"].browse(self.people))
            self.assertFalse(crowd.rejected)

        with self.registry.cursor() as one, self.registry.cursor() as two:
            env = self.environment(two)
            two.execute("SET LOCAL statement_timeout = %s", [GIVE_UP])
            people = env["res.partner"].browse(self.people)
            with crowd_world(self.environment(one), clock.now(env), people) as dry:
                forecast(dry)
                other = env["marketing.scenario"].browse(self.other_id)
                runs, rejected = other._enroll(people, "hand")
            self.assertEqual((len(runs), rejected), (PEOPLE, {}))
            two.rollback()

    def test_a_simulation(self):
        """The person it walks with looks again a minute later; everybody else goes on."""

        def simulate(dry):
            scenario = dry["marketing.scenario"].browse(self.scenario_id)
            walk = Walk(dry, scenario, dry["res.partner"].browse(self.people[7]))
            walk.finish()
            self.assertEqual(walk.told()["end"], "Reached the end")

        seconds, runs = self.engine_beside(dry_world, simulate)
        self.assertLess(seconds, MOST_SECONDS)
        waiting = [run for run in runs if run[1] != "done"]
        self.assertLessEqual([partner for partner, _state, _why in waiting], [self.people[7]])
        self.assertEqual(len(runs), PEOPLE)

    def forecast_beside(self, count, wait=None):
        """See ``engine_beside``; the forecast is one of so many people who wait in the scenario."""

        def crowd_of(env, moment):
            scenario = env["marketing.scenario"].browse(self.scenario_id)
            self.inside = scenario.enrollment_ids.sorted("id")[:count].ids
            return crowd_world(env, moment, scenario.enrollment_ids.browse(self.inside))

        def forecast(dry):
            crowd = Crowd(dry, dry["marketing.scenario"].browse(self.scenario_id), Behaviour(None, NOBODY))
            crowd.behaviour.expect = lambda *_messages: None
            crowd.take_in(self.inside)
            crowd.walk(clock.now(dry))
            self.assertEqual(set(dry["marketing.scenario.enrollment"].browse(self.inside).mapped("state")), {"done"})

        return self.engine_beside(crowd_of, forecast, wait)

    def test_a_forecast_of_those_inside(self):
        """Their runs are copies: the engine executes the very same people meanwhile, and meets no lock."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["marketing.scenario"].browse(self.scenario_id).enrollment_ids._stop("by_hand")
            self.scenario_id = self.entered(env, env["res.partner"].browse(self.people)).id
        seconds, runs = self.forecast_beside(PEOPLE, wait="1ms")
        self.assertLess(seconds, MOST_SECONDS)
        self.assertEqual([state for _partner, state, _why in runs], ["done"] * PEOPLE)

    def test_a_forecast_that_writes_on_the_records_of_those_inside(self):
        """What it writes on is locked, a score here: the engine passes over these people, and waits for none."""
        seconds, runs = self.forecast_beside(PEOPLE // 2, wait="1ms")
        self.assertLess(seconds, MOST_SECONDS)
        self.assertEqual(sum(state == "done" for _partner, state, _why in runs), PEOPLE // 2)
