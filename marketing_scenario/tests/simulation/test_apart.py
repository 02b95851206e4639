"""What a crowd adds lies in tables of its own, and nobody can tell (S55)."""

from contextlib import contextmanager
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.simulation import apart, sql
from ...models.simulation.apart import crowd_world
from ...models.simulation.behaviour import Behaviour
from ...models.simulation.crowd import Crowd
from ..committed_case import CommittedCase
from ..common import MONDAY, ScenarioCase

NOBODY = {rate: {"percent": 0} for rate in ("opened", "clicked", "replied")}
RUNS = "marketing_scenario_enrollment"
TRACES_APART = "marketing_scenario_trace_apart"
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

    def _count_added(self, cr, crowd, is_real):
        """How many rows came to each table, by its name, or to the real one."""
        firsts = {
            RUNS: crowd.last_run_id,
            "marketing_scenario_trace": self.last_trace_id,
            "mailing_trace": crowd.first_message_id,
        }
        found = {}
        for table, first in firsts.items():
            name = SQL("ONLY %s", SQL.identifier("public", table)) if is_real else SQL.identifier(table)
            cr.execute(SQL("SELECT count(*) FROM %s WHERE id > %s", name, first))
            found[table] = cr.fetchone()[0]
        return found

    def _forecast_in_the_real_tables(self, scenario, **options):
        with patch.object(sql, "has_immediate_keys", return_value=True):
            return scenario.forecast("domain", domain=self.domain, **options)

    def test_all_is_seen_by_the_name_of_the_real_table_and_nothing_is_in_it(self):
        scenario = self._story()
        self.last_trace_id = sql.last_id(self.env.cr, "marketing_scenario_trace")
        with crowd_world(self.env, MONDAY, self.people) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            crowd.walk(MONDAY.replace(year=2027))
            added = self._count_added(env.cr, crowd, is_real=False)
            self.assertEqual((added[RUNS], added["mailing_trace"]), (8, 8))
            self.assertGreater(added["marketing_scenario_trace"], 3 * 8)
            self.assertEqual(self._count_added(env.cr, crowd, is_real=True), dict.fromkeys(added, 0))
            runs = env["marketing.scenario.enrollment"].search([("scenario_id", "=", scenario.id)])
            self.assertEqual(set(runs.mapped("state")), {"done"})
            self.assertEqual(len(env["res.partner"].browse(self.people.ids).marketing_enrollment_ids), 8)

    def test_a_move_touches_no_index(self):
        """The reason for it all: what a walk writes again and again stays on its page."""
        scenario = self._story()
        with crowd_world(self.env, MONDAY, self.people) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            crowd.walk(MONDAY.replace(day=4))  # all of them wait for a click
            env.cr.execute(
                "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relid = %s::regclass",
                [RUNS],
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
        with crowd_world(self.env, MONDAY, self.people) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.enter(env["res.partner"].browse(self.people.ids))
            self.assertFalse(env.cr.apart)
            env.cr.execute(
                "INSERT INTO marketing_test_note SELECT id FROM marketing_scenario_enrollment WHERE id > %s",
                [crowd.last_run_id],
            )
        self.assertEqual(scenario.forecast("domain", domain=self.domain), told)

    def _hostile(self, code):
        action = self.env["ir.actions.server"].create(
            {"name": "Delete", "model_id": self.env["ir.model"]._get_id("res.partner"), "state": "code", "code": code}
        )
        pause = ("pause", {"pause_days": 1}, "Nap")
        return self._story(("server_action", {"server_action_partner_id": action.id}, "Delete"), pause, pause)

    def test_what_a_step_deletes_is_followed_as_by_foreign_keys(self):
        """By whatever way: records that walk, their runs, steps on which some of them stand."""
        runs = "env['marketing.scenario.enrollment'].search([('partner_id', 'in', records.ids)], order='id')"
        deletions = {
            "records": "records[:3].unlink()",
            "runs": f"{runs}[:3].unlink()",
            "steps": "env['marketing.scenario.step'].search([('name', '=', 'Nap')], order='id desc', limit=1).unlink()",
            "steps, by SQL": "env.cr.execute(\"DELETE FROM marketing_scenario_step WHERE name = 'Nap'\")",
            "traces, by SQL": "env.cr.execute('DELETE FROM marketing_scenario_trace')",
        }
        for what, code in deletions.items():
            with self.subTest(what):
                scenario = self._hostile(code)
                step_ids = set(scenario.step_ids.ids)
                told = scenario.forecast("domain", domain=self.domain, rates=dict.fromkeys(NOBODY, 0))
                self.assertEqual(told, self._forecast_in_the_real_tables(scenario, rates=dict.fromkeys(NOBODY, 0)))
                self.assertEqual(told["walked"], 8)
                self.env.invalidate_all()
                self.assertEqual((len(self.people.exists()), set(scenario.step_ids.ids)), (8, step_ids))

    @contextmanager
    def _worlds(self):
        """The dry worlds in which the block walks."""
        worlds = []
        usual = apart.dry_world

        def counted(*args):
            worlds.append(args)
            return usual(*args)

        with patch.object(apart, "dry_world", counted):
            yield worlds

    def test_a_time_limit_is_not_met_twice(self):
        def too_long(crowd, _until):
            crowd.env.cr.execute("SET LOCAL statement_timeout = 1")
            crowd.env.cr.execute("SELECT pg_sleep(30)")

        scenario = self._story()
        with (
            self._worlds() as worlds,
            patch.object(Crowd, "walk", too_long),
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.QueryCanceled),
        ):
            scenario.forecast("domain", domain=self.domain)
        self.assertEqual(len(worlds), 1)

    def test_the_transaction_goes_on_as_before(self):
        """Its tables are the real ones, its foreign keys look at once, its plans are made as ever."""
        asked = "SELECT to_regclass(%s)::oid, current_setting('enable_seqscan'), current_setting('jit')"
        scenario = self._story()
        runs = self._enroll(scenario, self.people[:4])
        self.env.flush_all()
        self.env.cr.execute(asked, [RUNS])
        before = self.env.cr.fetchone()
        scenario.forecast("inside", rates=dict.fromkeys(NOBODY, 0))
        self.env.cr.execute(asked, [RUNS])
        self.assertEqual(self.env.cr.fetchone(), before)
        self.env.cr.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.ForeignKeyViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                "UPDATE marketing_scenario_trace SET enrollment_id = -1 WHERE enrollment_id = %s", runs[:1].ids
            )
        self.run_due()
        self.env.cr.execute(
            "SELECT count(*) FROM public.mailing_trace WHERE marketing_enrollment_id = ANY(%s)", [runs.ids]
        )
        self.assertEqual(self.env.cr.fetchone(), (4,))

    def test_without_deletions_it_walks_once(self):
        with self._worlds() as worlds:
            self._hostile("env['res.partner.category'].create({'name': 'Mine'}).unlink()").forecast(
                "domain", domain=self.domain
            )
            self.assertEqual(len(worlds), 1)
            self._hostile("records[:1].unlink()").forecast("domain", domain=self.domain, rates={"clicked": 0})
            self.assertEqual(len(worlds), 3)

    def test_those_who_are_inside_walk_as_copies(self):
        """With all that is known of them; the real rows are as they were, and nobody holds them."""
        scenario = self._story()
        runs = self._enroll(scenario, self.people[:4])
        self.env.flush_all()
        with crowd_world(self.env, MONDAY, runs) as env:
            inside = env[runs._name].browse(runs.ids)
            self.assertEqual(inside.mapped("partner_id").ids, self.people[:4].ids)
            crowd = Crowd(env, env["marketing.scenario"].browse(scenario.id), Behaviour(1, NOBODY))
            crowd.take_in(runs.ids)
            crowd.walk(MONDAY.replace(year=2027))
            self.assertEqual(set(inside.mapped("state")), {"done"})
            env.cr.execute(
                "SELECT DISTINCT state FROM public.marketing_scenario_enrollment WHERE id = ANY(%s)", [runs.ids]
            )
            self.assertEqual(env.cr.fetchall(), [("running",)])


@tagged("post_install", "-at_install")
class TestApartBesideOthers(CommittedCase):
    def test_the_memory_of_a_crowd_goes_with_its_connection(self):
        """PostgreSQL keeps what temporary tables took until the connection ends."""
        for is_crowd in (False, True):
            with self.registry.cursor() as cr:
                connection = cr._cnx
                if is_crowd:
                    with crowd_world(self.environment(cr), MONDAY, self.environment(cr)["res.partner"]):
                        pass
                self.assertFalse(connection.closed)
            self.assertEqual(bool(connection.closed), is_crowd)

    def test_who_has_the_table_to_themselves_is_not_waited_for(self):
        """PostgreSQL cleans up, or somebody else forecasts: what is only added goes to the real tables, slower."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            one.execute("LOCK TABLE marketing_scenario_trace IN SHARE UPDATE EXCLUSIVE MODE")
            for patience, has_room in (("50ms", False), ("2s", True)):
                with (
                    self.subTest(patience),
                    patch("odoo.addons.marketing_scenario.models.simulation.apart.PATIENCE", patience),
                    crowd_world(self.environment(two), MONDAY, self.environment(two)["res.partner"]) as dry,
                ):
                    self.assertEqual("marketing_scenario_trace" in dry.cr.apart, has_room)
                    self.assertIn(RUNS, dry.cr.apart)
                    dry.cr.execute("SELECT current_setting('lock_timeout'), to_regclass(%s)", [TRACES_APART])
                    self.assertEqual(dry.cr.fetchone(), ("0", TRACES_APART if has_room else None))
                one.rollback()
            two.rollback()
