"""A publication and those who work at the same moment: each sees the tree before it or after it, never half (S54)."""

from psycopg2 import errors

from odoo import SUPERUSER_ID
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models import clock
from ...models.draft import sql
from ..committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestRace(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.people = env["res.partner"].create([{"name": f"Race {n}"} for n in range(3)]).ids
            steps = (
                ("pause", "before", {"pause_hours": 1}),
                ("score", "goes", {"score_points": 1}),
                ("pause", "stays", {"pause_days": 1}),
            )
            scenario = self.made(env, "Race", *steps, company_id=False)
            self.scenario_id = scenario.id
            scenario.action_activate()
            scenario._enroll(env["res.partner"].browse(self.people), "api")
            env["marketing.scenario.engine"]._run_due()
            draft = scenario._open_draft()
            self.draft_id = draft.id
            self.step(draft, "goes")._delete(True, scenario.step_ids.browse())
            self.step(draft, "stays").pause_days = 2
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            scenario = env["marketing.scenario"].browse(self.scenario_id)
            scenario._set_state("inactive")
            scenario.unlink()
            env["marketing.score.line"].search([("partner_id", "in", self.people)]).unlink()
            env["res.partner"].browse(self.people).unlink()
        self.registry.clear_all_caches()

    def test_two_windows_of_one_user_that_look_in_at_once(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cr in (first, second):
                cr.execute("SELECT")  # both see the same moment
            now = clock.now(self.environment(first))
            sql.look_in(first, self.draft_id, SUPERUSER_ID, now)
            first.commit()
            with self.assertRaises(errors.SerializationFailure):  # nothing in the log; the request begins again
                sql.look_in(second, self.draft_id, SUPERUSER_ID, now)
            second.rollback()

    def step(self, scenario, name):
        return scenario.step_ids.filtered(lambda step: step.name == name)

    def publish(self, cr):
        return self.environment(cr)["marketing.scenario"].browse(self.draft_id)._publish()

    def tree(self, cr):
        scenario = self.environment(cr)["marketing.scenario"].browse(self.scenario_id)
        return [(step.name, step.parent_id.name, step.pause_days) for step in scenario.step_ids.sorted("position")]

    def due(self, cr):
        """Have the pause of all be over."""
        runs = self.environment(cr)["marketing.scenario.enrollment"].search([("scenario_id", "=", self.scenario_id)])
        runs._write_unchecked({"next_run_at": "2020-01-01 00:00:00"})
        return runs

    BEFORE = [
        ("Start", False, 0),
        ("before", "Start", 0),
        ("goes", "before", 0),
        ("stays", "goes", 1),
        ("End", "stays", 0),
    ]
    AFTER = [("Start", False, 0), ("before", "Start", 0), ("stays", "before", 2), ("End", "stays", 0)]

    def test_who_reads_sees_before_or_after(self):
        with self.registry.cursor() as editor, self.registry.cursor() as reader:
            self.assertEqual(self.tree(reader), self.BEFORE)
            self.publish(editor)
            editor.flush()
            reader.rollback()
            self.assertEqual(self.tree(reader), self.BEFORE, "not committed")
            editor.commit()
            self.environment(reader).invalidate_all()
            self.assertEqual(self.tree(reader), self.BEFORE, "its transaction began before")
            reader.rollback()
            self.assertEqual(self.tree(reader), self.AFTER)

    def test_the_engine_that_began_before_ends_before_or_begins_again(self):
        with self.registry.cursor() as cr:
            self.due(cr)
        with self.registry.cursor() as editor, self.registry.cursor() as engine:
            engine.execute("SELECT 1")  # its snapshot is older than the publication
            self.publish(editor)
            editor.commit()
            with mute_logger("odoo.sql_db"):
                try:
                    self.environment(engine)["marketing.scenario.engine"]._run_due()
                    engine.commit()
                except (errors.SerializationFailure, errors.ForeignKeyViolation):
                    engine.rollback()
            self.environment(engine)["marketing.scenario.engine"]._run_due()
            engine.commit()
            runs = self.environment(engine)["marketing.scenario.enrollment"].search(
                [("scenario_id", "=", self.scenario_id)]
            )
            self.assertEqual(set(runs.mapped("state")), {"running"})
            self.assertEqual(set(runs.step_id.mapped("name")), {"stays"})

    def test_people_who_arrive_meanwhile_are_not_lost(self):
        with self.registry.cursor() as editor, self.registry.cursor() as mover:
            editor.execute("SELECT 1")  # the editor looked before they came
            runs = self.due(mover)
            runs._put_on(self.step(runs.scenario_id, "goes"))
            mover.commit()
            with self.assertRaises(errors.SerializationFailure), mute_logger("odoo.sql_db"):
                self.publish(editor)
                editor.flush()
            editor.rollback()  # as Odoo does, before it tries again
            self.publish(editor)
            editor.commit()
            runs.invalidate_recordset()
            mover.rollback()
            self.assertEqual(set(runs.step_id.mapped("name")), {"stays"})

    def test_two_who_publish_at_once(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")
            self.publish(one)
            one.commit()
            with self.assertRaises(errors.SerializationFailure), mute_logger("odoo.sql_db"):
                self.publish(two)
            two.rollback()
            self.assertFalse(self.environment(two)["marketing.scenario"].browse(self.draft_id).exists())
            self.assertEqual(self.tree(two), self.AFTER)
