"""Foreign keys may wait in the dry run of a crowd, and nowhere else."""

from psycopg2.errors import ForeignKeyViolation

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models import clock
from ...models.simulation import sql
from ...models.simulation.world import dry_world
from ..common import ScenarioCase

NOWHERE = 2**31 - 1


@tagged("post_install", "-at_install")
class TestForeignKeys(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.run = self._enroll(self._make_scenario(("pause", {"pause_days": 1}, "Rest")), self.contact)
        self.env.flush_all()

    def _put_nowhere(self, cr):
        cr.execute(
            SQL("UPDATE marketing_scenario_enrollment SET step_id = %s WHERE id = %s", NOWHERE, self.run.id),
            log_exceptions=False,
        )

    def _assert_checked_at_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation), self.env.cr.savepoint():
            self._put_nowhere(self.env.cr)

    def test_all_of_them_can_wait_and_none_does_unasked(self):
        self.env.cr.execute(
            "SELECT condeferrable, condeferred, count(*) FROM pg_constraint WHERE contype = 'f'"
            " AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[])) GROUP BY 1, 2",
            {"tables": list(sql.APART)},
        )
        self.assertEqual([row[:2] for row in self.env.cr.fetchall()], [(True, False)])

    def test_the_engine_and_the_walk_of_one_have_them_checked_at_once(self):
        self._assert_checked_at_once()
        with dry_world(self.env, clock.now(self.env)) as env:
            with self.assertRaises(ForeignKeyViolation), env.cr.savepoint():
                self._put_nowhere(env.cr)

    def test_a_crowd_does_not_and_they_are_checked_again_after_it(self):
        with dry_world(self.env, clock.now(self.env)) as env:
            sql.work_for_many(env.cr)
            self._put_nowhere(env.cr)
        self._assert_checked_at_once()

    def test_an_update_of_odoo_leaves_them_alone(self):
        registry = self.env.registry
        registry.init_models(self.env.cr, ["marketing.scenario.enrollment"], {"module": "marketing_scenario"}, False)
        self.test_all_of_them_can_wait_and_none_does_unasked()
