"""A step that ends the transaction of a dry run ends the dry run, whatever becomes of its error (S39). Committed."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committed_case import CommittedCase

ENDINGS = {
    "commit": "env.cr.execute('COMMIT')",
    "rollback": "env.cr.execute('ROLLBACK')",
    "commit below the cursor": "env.cr._cnx.commit()",
    "rollback below the cursor": "env.cr._cnx.rollback()",
}
SILENT = {"opened": 0, "clicked": 0, "replied": 0}


@tagged("post_install", "-at_install")
class TestDryTransaction(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            people = env["res.partner"].create([{"name": f"Ended {number}"} for number in range(6)])
            self.action = env["ir.actions.server"].create(
                {"name": "Ends it", "model_id": env["ir.model"]._get_id("res.partner"), "state": "code"}
            )
            settings = {"server_action_partner_id": self.action.id}
            scenario = self.made(env, "Dry transaction", ("server_action", "Action", settings))
            scenario._set_state("active")
            scenario._enroll(people[:4], "hand")
            self.people, self.scenario = people, scenario
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            scenario = self.scenario.with_env(env)
            scenario._set_state("inactive")
            scenario.unlink()
            self.action.with_env(env).unlink()
            self.people.with_env(env).unlink()
        self.registry.clear_all_caches()

    def real(self):
        """The runs and their paths, as everybody else sees them."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT run.*, (SELECT count(*) FROM marketing_scenario_trace WHERE enrollment_id = run.id)"
                " FROM marketing_scenario_enrollment run WHERE scenario_id = %s ORDER BY id",
                [self.scenario.id],
            )
            return cr.fetchall()

    def test_nothing_of_it_is_kept(self):
        found = f"[('id', 'in', {self.people.ids[4:]})]"
        dry_runs = {
            "forecast of those inside": lambda scenario: scenario.forecast("inside", rates=SILENT),
            "forecast of a filter": lambda scenario: scenario.forecast("domain", domain=found, rates=SILENT),
            "simulation": lambda scenario: scenario.simulate("res.partner", self.people.ids[0], [{"do": "finish"}]),
        }
        before = self.real()
        for ending, code in ENDINGS.items():
            with self.registry.cursor() as cr:
                self.action.with_env(self.environment(cr)).code = f"{code}\nrecords.write({{'comment': 'Kept'}})"
            for name, dry_run in dry_runs.items():
                with self.subTest(f"{ending}: {name}"), self.registry.cursor() as cr:
                    scenario = self.scenario.with_env(self.environment(cr))
                    with (
                        mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_actions"),
                        self.assertRaisesRegex(UserError, "make its work lasting"),
                    ):
                        dry_run(scenario)
                    cr.rollback()
                    self.assertEqual(self.real(), before)
                    self.assertFalse(any(self.people.with_env(self.environment(cr)).mapped("comment")))
