"""A step that would end the engine's transaction: each step of a run still takes effect once (S45). Committed."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committed_case import CommittedCase

ENDINGS = ("commit", "rollback")
QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_actions", "odoo.addons.marketing_scenario.models.engine.engine")


@tagged("post_install", "-at_install")
class TestStepThatCommits(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.people = env["res.partner"].create([{"name": f"Committed {number}"} for number in range(4)])
            self.action = env["ir.actions.server"].create(
                {"name": "Ends it", "model_id": env["ir.model"]._get_id("res.partner"), "state": "code"}
            )
            self.scenario = self.active(env, "server_action", server_action_partner_id=self.action.id)
            self.beside = self.active(env, "score", score_points=1)
        self.addCleanup(self.tidy)

    def active(self, env, step_type, **settings):
        scenario = self.made(env, "Commits", (step_type, step_type, settings), allow_other_scenarios=True)
        scenario._set_state("active")
        return scenario

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            scenarios = (self.scenario | self.beside).with_env(env)
            scenarios._set_state("inactive")
            scenarios.unlink()
            self.action.with_env(env).unlink()
            env["marketing.score.line"].search([("partner_id", "in", self.people.ids)]).unlink()
            self.people.with_env(env).unlink()
        self.registry.clear_all_caches()

    def test_it_is_an_error_of_that_step_alone(self):
        for ending in ENDINGS:
            with self.subTest(ending):
                with self.registry.cursor() as cr:
                    env = self.environment(cr)
                    self.action.with_env(env).code = f"records.write({{'comment': 'Kept'}})\nenv.cr.{ending}()"
                    people = self.people.with_env(env)
                    people.write({"comment": False})
                    (self.scenario | self.beside).with_env(env).enrollment_ids.unlink()
                    self.scenario.with_env(env)._enroll(people[:2], "hand")
                    self.beside.with_env(env)._enroll(people[2:], "hand")
                with mute_logger(*QUIET), self.registry.cursor() as cr:
                    self.environment(cr)["marketing.scenario.engine"]._run_due()
                with self.registry.cursor() as cr:
                    env = self.environment(cr)
                    runs = self.scenario.with_env(env).enrollment_ids
                    self.assertEqual(set(self.beside.with_env(env).enrollment_ids.mapped("state")), {"done"})
                    self.assertEqual(
                        set(runs.mapped(lambda run: (run.state, run.step_id.step_type, run.attempts))),
                        {("running", "server_action", 1)},
                    )
                    self.assertFalse(any(self.people.with_env(env).mapped("comment")))
