from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ...models.engine import sql as engine_sql
from ...models.enrollment.people import SHOWN
from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestScreenPlans(ScenarioCase):
    """What screens ask of the database is found by an index, however many people there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario = cls._make_scenario(("pause", {"pause_days": 1}, "wait"))
        cls.salesman = new_test_user(cls.env, "own", groups="sales_team.group_sale_salesman")
        cls._fill()

    @classmethod
    def _fill(cls):
        """People of another scenario, and what the database knows of them: where it has learned that its tables are
        empty, as autovacuum tells it, one index is as good as another."""
        other = cls._make_scenario(("pause", {"pause_days": 1}, "wait"), active=False)
        cls.env.flush_all()
        cls.env.cr.execute(
            """
            WITH run AS (
                INSERT INTO marketing_scenario_enrollment
                       (scenario_id, target_kind, state, run_number, door, entered_at, ended_at)
                SELECT %s, 'contact', 'done', number, 'hand', '2020-01-01', '2020-01-02'
                  FROM generate_series(1, 3000) number
                RETURNING id, scenario_id, entered_at
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, event, at)
            SELECT id, scenario_id, 'entered', entered_at FROM run
            """,
            [other.id],
        )
        cls.env.cr.execute("ANALYZE marketing_scenario_enrollment, marketing_scenario_trace")

    def asked(self, function, table):
        """The statements that ``function`` runs on a table."""
        statements, usual = [], Cursor.execute

        def execute(cr, query, params=None, **options):
            query = query if isinstance(query, SQL) else SQL(query, *(params or ()))
            if f'FROM "{table}"' in query.code or f"FROM {table}" in query.code:
                statements.append(query)
            return usual(cr, query, **options)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Cursor, "execute", execute):
            function()
        return statements

    def plan(self, statement):
        """How the database answers when it has more rows than a test."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        self.env.cr.execute(SQL("EXPLAIN %s", statement))
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.env.cr.execute("SET LOCAL enable_seqscan = on")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = on")
        return plan

    def test_who_may_see_a_row_is_asked_row_by_row(self):
        """A list of all contacts that the user may read would be as long as the database has contacts."""
        enrollment = self._enroll(self.scenario, self.contact)
        for model, names in (
            ("enrollment", ("res_partner", "crm_lead")),
            ("trace", ("marketing_scenario_enrollment",)),
        ):
            rows = self.env[f"marketing.scenario.{model}"].with_user(self.salesman)
            text = rows._search([("scenario_id", "=", self.scenario.id)]).select().code
            for name in names:
                self.assertIn(f'EXISTS (SELECT 1 FROM "{name}"', text)
                self.assertNotIn(f'IN (SELECT "{name}"."id" FROM', text)
        self.assertEqual(rows.search([("scenario_id", "=", self.scenario.id)]).enrollment_id, enrollment)

    def test_one_index_finds_the_runs_of_a_record_and_keeps_their_numbers_unique(self):
        lead = self.env["crm.lead"].create({"name": "Deal"})
        for target, column in ((self.contact, "partner_id"), (lead, "lead_id")):
            self.env.cr.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef LIKE %s",
                ["marketing_scenario_enrollment", f"%({column}%"],
            )
            self.assertEqual(self.env.cr.fetchall(), [(f"marketing_scenario_enrollment__{column}_index",)])
            run = self._enroll(self.scenario, target)
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                run.copy({"state": "done", "next_run_at": False})

    def test_the_people_on_the_page_of_a_scenario(self):
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(SHOWN + 5)])
        enrollments = self._enroll(self.scenario, people)
        self.run_due()
        enrollments[-1].write({"state": "error", "next_run_at": False})
        enrollments[-2].action_pause()
        shown = self.scenario.with_user(self.salesman).shown_enrollment_ids
        self.assertEqual(len(shown), SHOWN)
        self.assertEqual(shown[0], enrollments[-1], "errors first")
        self.assertNotIn(enrollments[-2], shown, "who pauses comes after those who go on")
        scenario = self.scenario.with_user(self.salesman)
        asked = self.asked(lambda: scenario.shown_enrollment_ids, "marketing_scenario_enrollment")
        plans = [self.plan(statement) for statement in asked if "LIMIT" in statement.code]
        self.assertEqual(len(plans), 2, "a full page asks no further")
        for plan in plans:
            self.assertRegex(plan, "Index.* using marketing_scenario_enrollment_(_scenario_id_index|(due|held)_idx)")
        self.assertNotIn("Sort", plans[1])

    def test_the_counts_of_a_scenario_read_an_index_alone(self):
        self._enroll(self.scenario, self.contact)
        asked = self.asked(lambda: self.scenario.running_count, "marketing_scenario_enrollment")
        self.assertIn("Index Only Scan using marketing_scenario_enrollment__scenario_id_index", self.plan(asked[0]))

    def test_health_touches_no_one_who_waits_for_later(self):
        now = self.now
        for function in (engine_sql.due, engine_sql.traces_since):
            asked = self.asked(lambda f=function: f(self.env.cr, now), "marketing_scenario_enrollment")
            asked = asked or self.asked(lambda f=function: f(self.env.cr, now), "marketing_scenario_trace")
            self.assertRegex(self.plan(asked[0]), r"Index Only Scan using \w+_(due|scenario)_idx")
            self.assertNotRegex(self.plan(asked[0]), "Seq Scan on marketing_scenario_(enrollment|trace)")

    def test_health_counts_what_the_engine_would_claim(self):
        now = self.now
        self._enroll(self.scenario, self.contact + self._make_contact("Other"))
        self.run_due()
        later = self._make_scenario(("pause", {"pause_days": 1}, "wait"), date_start=now + timedelta(days=3))
        self._enroll(later, self.contact)
        due = engine_sql.due
        self.assertEqual(due(self.env.cr, now), (0, None))
        self.assertEqual(due(self.env.cr, now + timedelta(days=2)), (2, now + timedelta(days=1)))
        self.assertEqual(due(self.env.cr, now + timedelta(days=4))[0], 3)
        self.scenario.action_deactivate()
        self.env.flush_all()
        self.assertEqual(due(self.env.cr, now + timedelta(days=4)), (1, now + timedelta(days=3)), "late since it began")
        self.assertEqual(engine_sql.traces_since(self.env.cr, now), 3)

    def test_the_alert_counts_no_traces(self):
        health = self.env["marketing.scenario.health"]
        self.assertFalse(self.asked(health._cron_alert, "marketing_scenario_trace"))
