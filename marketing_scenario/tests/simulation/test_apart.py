"""What a crowd adds lies in tables of its own, and nobody can tell (S55)."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.simulation import sql
from ...models.simulation.behaviour import Behaviour
from ...models.simulation.crowd import Crowd
from ...models.simulation.world import dry_world
from ..committed_case import CommittedCase
from ..common import MONDAY, ScenarioCase

NOBODY = {rate: {"percent": 0} for rate in ("opened", "clicked", "replied")}
RUNS_APART = "marketing_scenario_enrollment_apart"
BODY = "<p>Hello</p><a href='https://shop.example.com/offer'>Buy</a>"


@tagged("post_install", "-at_install")
class TestApart(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Apart {number}", "email": f"apart{number}@apart.example.com", "marketing_optin": True}
                for number in range(8)
            ]
        )
        cls.domain = f"[('id', 'in', {cls.people.ids})]"

    def _story(self, *steps):
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
            ("if", {"if_wait_days": 3}, "Clicked?", {"no": [("pause", {"pause_days": 2}, "Rest"), *steps]}),
        )
        rule = {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked"}
        self.env["marketing.scenario.rule"].create(rule)
        return scenario

    def _count_added(self, cr, crowd, only):
        firsts = {
            "marketing_scenario_enrollment": crowd.last_run_id,
            "marketing_scenario_trace": self.last_trace_id,
            "mailing_trace": crowd.first_message_id,
        }
        found = {}
        for table, first in firsts.items():
            cr.execute(
                SQL(
                    "SELECT count(*) FROM %s %s WHERE id > %s",
                    SQL("ONLY" if only else ""),
                    SQL.identifier(table),
                    first,
                )
            )
            found[table] = cr.fetchone()[0]
        return found

    def _forecast_in_the_real_tables(self, scenario, **options):
        with patch.object(sql, "has_immediate_keys", return_value=True):
            return scenario.forecast("domain", domain=self.domain, **options)

    def test_all_is_seen_by_the_name_of_the_real_table_and_nothing_is_in_it(self):
        scenario = self._story()
        self.last_trace_id = sql.last_id(self.env.cr, "marketing_scenario_trace")
        with dry_world(self.env, MONDAY) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            crowd.walk(MONDAY.replace(year=2027))
            added = self._count_added(env.cr, crowd, only=False)
            self.assertEqual((added["marketing_scenario_enrollment"], added["mailing_trace"]), (8, 8))
            self.assertGreater(added["marketing_scenario_trace"], 3 * 8)
            self.assertEqual(self._count_added(env.cr, crowd, only=True), dict.fromkeys(added, 0))
            runs = env["marketing.scenario.enrollment"].search([("scenario_id", "=", scenario.id)])
            self.assertEqual(set(runs.mapped("state")), {"done"})
            self.assertEqual(len(env["res.partner"].browse(self.people.ids).marketing_enrollment_ids), 8)

    def test_a_move_touches_no_index(self):
        """The reason for it all: what a walk writes again and again stays on its page."""
        scenario = self._story()
        with dry_world(self.env, MONDAY) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            crowd.walk(MONDAY.replace(day=4))  # all of them wait for a click
            env.cr.execute(
                "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relid = %s::regclass",
                [RUNS_APART],
            )
            updated, within_page = env.cr.fetchone()
            self.assertEqual((updated, within_page), (8, 8))

    def test_it_says_the_same_as_in_the_real_tables(self):
        vals = {"tag_id": self.env["res.partner.category"].create({"name": "Cold"}).id}
        scenario = self._story(("tag", vals, "Tag"))
        self._enroll(scenario, self.people[:2])
        rates = {"opened": 60, "clicked": 40, "replied": 10}
        self.assertEqual(
            scenario.forecast("domain", domain=self.domain, rates=rates),
            self._forecast_in_the_real_tables(scenario, rates=rates),
        )

    def test_a_foreign_key_that_cannot_wait_keeps_all_in_the_real_tables(self):
        """Of an addon that was installed since the last update: it would not find the rows that lie apart."""
        scenario = self._story()
        told = scenario.forecast("domain", domain=self.domain)
        self.env.cr.execute(
            "CREATE TABLE marketing_test_note (run_id int REFERENCES marketing_scenario_enrollment (id))"
        )
        with dry_world(self.env, MONDAY) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            self.assertFalse(env.cr.apart)
            env.cr.execute(
                "INSERT INTO marketing_test_note SELECT id FROM marketing_scenario_enrollment WHERE id > %s",
                [crowd.last_run_id],
            )
        self.assertEqual(scenario.forecast("domain", domain=self.domain), told)

    def test_a_deleted_record_is_forgotten_as_by_its_foreign_key(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Delete",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "records[:3].unlink()",
            }
        )
        pause = ("pause", {"pause_days": 1}, "Nap")
        scenario = self._story(("server_action", {"server_action_partner_id": action.id}, "Delete"), pause, pause)
        told = scenario.forecast("domain", domain=self.domain, rates=dict.fromkeys(NOBODY, 0))
        self.assertEqual(told, self._forecast_in_the_real_tables(scenario, rates=dict.fromkeys(NOBODY, 0)))
        self.assertEqual(sum(row["count"] for row in told["ends"]), 8)
        self.assertEqual(len(self.people.exists()), 8)


@tagged("post_install", "-at_install")
class TestApartBesideOthers(CommittedCase):
    def test_who_has_the_table_to_themselves_is_not_waited_for(self):
        """PostgreSQL cleans up, or somebody else forecasts: the crowd walks in the real tables, slower."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            one.execute("LOCK TABLE marketing_scenario_trace IN SHARE UPDATE EXCLUSIVE MODE")
            for patience, has_room in (("50ms", False), ("2s", True)):
                with (
                    self.subTest(patience),
                    patch("odoo.addons.marketing_scenario.models.simulation.apart.PATIENCE", patience),
                    dry_world(self.environment(two), MONDAY) as dry,
                ):
                    Crowd(dry, dry["marketing.scenario"].create({"name": "Apart"}), Behaviour(1, NOBODY))
                    self.assertEqual(bool(dry.cr.apart), has_room)
                    dry.cr.execute("SELECT current_setting('lock_timeout'), to_regclass(%s)", [RUNS_APART])
                    self.assertEqual(dry.cr.fetchone(), ("0", RUNS_APART if has_room else None))
                one.rollback()
            two.rollback()
