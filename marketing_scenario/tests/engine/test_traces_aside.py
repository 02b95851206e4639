"""The scripts for administrators that set traces aside and take them back."""

from odoo.tests import tagged
from odoo.tools import file_open

from ..common import ScenarioCase

SCHEMA = """
    SELECT 'index', replace(pg_get_indexdef(indexrelid), 'public.', ''), obj_description(indexrelid)
      FROM pg_index WHERE indrelid = 'marketing_scenario_trace'::regclass
     UNION ALL
    SELECT conname, pg_get_constraintdef(oid), NULL
      FROM pg_constraint WHERE conrelid = 'marketing_scenario_trace'::regclass
     UNION ALL
    SELECT attname, format_type(atttypid, atttypmod), concat(attnotnull, pg_get_expr(adbin, adrelid))
      FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = 'marketing_scenario_trace'::regclass AND attnum > 0
     ORDER BY 1, 2
"""


@tagged("post_install", "-at_install")
class TestTracesAside(ScenarioCase):
    def _run_script(self, name):
        self.env.flush_all()
        with file_open(f"marketing_scenario/maintenance/{name}.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    def _asked(self, statement):
        self.env.flush_all()
        self.env.cr.execute(statement)
        return self.env.cr.fetchall()

    def _in_new_table(self):
        return self._asked("SELECT count(*) FROM ONLY marketing_scenario_trace")[0][0]

    def test_path_is_read_as_before_and_goes_on(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), ("pause", {"pause_days": 1}, "again"))
        run = self._enroll(scenario, self.contact)
        self.forward(days=1)
        self.run_due()
        before = run.trace_ids
        schema = self._asked(SCHEMA)
        for _month in range(2):
            self._run_script("set_traces_aside")
            self.assertEqual(self._in_new_table(), 0)
            self.assertEqual(run.trace_ids, before)
            self.assertEqual(self._asked(SCHEMA), schema, "Odoo finds its indexes and keys")
        self.forward(days=1)
        self.run_due()
        after = run.trace_ids - before
        self.assertTrue(after)
        self.assertEqual(self._in_new_table(), len(after))
        self.assertGreater(min(after.ids), max(before.ids), "one sequence for all")
        everything = self._asked("SELECT * FROM marketing_scenario_trace ORDER BY id")
        self._run_script("join_traces")
        self.assertEqual(self._asked("SELECT * FROM marketing_scenario_trace ORDER BY id"), everything)
        self.assertEqual(self._in_new_table(), len(everything))
        self.assertEqual(self._asked(SCHEMA), schema)
        self.assertFalse(self._asked("SELECT FROM pg_class WHERE relname LIKE 'marketing_trace%'"))

    def test_traces_aside_go_with_their_run(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        deleted, kept = self._enroll(scenario, self.contact), self._enroll(scenario, self._make_contact("B"))
        self.forward(days=1)
        self.run_due()
        paths = deleted.trace_ids, kept.trace_ids
        self._run_script("set_traces_aside")
        deleted.unlink()
        self.assertFalse(paths[0].exists())
        self.assertEqual(paths[1].exists(), paths[1])
