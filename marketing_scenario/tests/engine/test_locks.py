"""Rows that another session holds, and two sessions that change one tree (S45). Real transactions, committed."""

import time

from psycopg2 import errors

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.engine.drain import halve, limit_locks
from ..committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestLocks(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.tag_id = env["res.partner.category"].create({"name": "Locked"}).id
            people = env["res.partner"].create([{"name": f"Locked {n}", "marketing_optin": True} for n in range(40)])
            self.people = people.ids
            scenario = env["marketing.scenario"].create({"name": "Locks"})
            self.scenario_id = scenario.id
            step = scenario.start_step_id
            for step_type, values in (("pause", {"pause_hours": 1}), ("score", {"score_points": 1}), ("end", {})):
                step = env["marketing.scenario.step"].create(
                    {
                        "scenario_id": scenario.id,
                        "parent_id": step.id,
                        "step_type": step_type,
                        "name": step_type,
                        **values,
                    }
                )
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            scenario = env["marketing.scenario"].browse(self.scenario_id)
            scenario._set_state("inactive")
            scenario.unlink()
            env["marketing.score.line"].search([("partner_id", "in", self.people)]).unlink()
            env["res.partner"].browse(self.people).unlink()
            env["res.partner.category"].browse(self.tag_id).unlink()
        self.registry.clear_all_caches()

    def scenario(self, cr):
        return self.environment(cr)["marketing.scenario"].browse(self.scenario_id)

    def step(self, cr, name):
        return self.scenario(cr).step_ids.filtered(lambda step: step.name == name)

    def test_one_locked_contact_stops_nobody_else(self):
        with self.registry.cursor() as cr:
            scenario = self.scenario(cr)
            scenario.action_activate()
            people = scenario.env["res.partner"].browse(self.people)
            enrollments = scenario._enroll(people, "hand")[0]
            enrollments.move_to(self.step(cr, "score"))
        with self.registry.cursor() as holder, self.registry.cursor() as cr:
            holder.execute("SELECT FROM res_partner WHERE id = %s FOR UPDATE", [self.people[7]])
            began = time.monotonic()
            scenario = self.scenario(cr)
            scenario.env["marketing.scenario.engine"]._run_due()
            self.assertLess(time.monotonic() - began, 60, "it does not wait for who holds the row")
            runs = scenario.enrollment_ids
            culprit = runs.filtered(lambda run: run.partner_id.id == self.people[7])
            self.assertEqual(set((runs - culprit).mapped("state")), {"done"})
            self.assertEqual((culprit.state, culprit.step_id.name, culprit.attempts), ("running", "score", 0))
            holder.rollback()
            culprit.action_run_now()
            scenario.env["marketing.scenario.engine"]._run_due()
            self.assertEqual(culprit.state, "done")

    def test_a_lock_is_no_error_in_the_log_and_a_broken_statement_is(self):
        given_up = []
        with self.registry.cursor() as holder, self.registry.cursor() as cr:
            holder.execute("SELECT FROM res_partner WHERE id = %s FOR UPDATE", [self.people[7]])
            people = self.environment(cr)["res.partner"].browse(self.people[6:9])
            limit_locks(cr)

            def attempt(statement):
                return lambda records: cr.execute(statement, [records.ids])

            def give_up(record, _error):
                given_up.append(record.id)

            with self.assertNoLogs("odoo.sql_db", "ERROR"):
                halve(people.env, people, attempt("UPDATE res_partner SET ref = 'x' WHERE id = ANY(%s)"), bool, give_up)
            self.assertEqual(given_up, people[1].ids)
            with self.assertLogs("odoo.sql_db", "ERROR") as logs:
                halve(
                    people.env, people[0], attempt("SELECT nothing FROM res_partner WHERE id = ANY(%s)"), bool, give_up
                )
            self.assertIn("nothing", logs.output[0])
            with self.assertLogs("odoo.sql_db", "ERROR"), self.assertRaises(errors.LockNotAvailable):
                people[1].ref = "nobody takes it again"
                people.flush_recordset()
            cr.rollback()

    def test_activating_while_an_end_is_deleted(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.scenario(one).check()  # its snapshot is older than the deletion
            self.step(two, "end").unlink()
            two.commit()
            with self.assertRaises(errors.SerializationFailure):
                self.scenario(one).action_activate()
            one.rollback()
            one.transaction.reset() if one.transaction else None
            with self.assertRaisesRegex(UserError, "nothing follows"):
                self.scenario(one).action_activate()
            one.rollback()

    def test_adding_below_a_step_that_is_deleted(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            parent = self.step(one, "score")
            self.step(two, "end").unlink()
            self.step(two, "score").unlink()
            two.commit()
            values = {"scenario_id": self.scenario_id, "parent_id": parent.id, "step_type": "pause", "name": "new"}
            with self.assertRaises(errors.SerializationFailure):
                parent.create(values)
            one.rollback()
            with self.assertRaisesRegex(UserError, "deleted meanwhile"):
                self.environment(one)["marketing.scenario.step"].create(values)
            one.rollback()

    def test_deleting_a_step_under_which_somebody_adds(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            doomed = self.step(one, "end")
            anchor = self.step(two, "score")
            place = {"scenario_id": self.scenario_id, "parent_id": anchor.id, "outcome": "next"}
            anchor._insert("next", lambda: anchor.create({**place, "step_type": "pause", "name": "new"}))
            two.commit()
            with self.assertRaises(errors.SerializationFailure):
                doomed.unlink()
            one.rollback()
        with self.registry.cursor() as cr:
            self.assertTrue(self.step(cr, "new"))

    def test_a_conflict_of_pending_writes_is_met_inside_the_batch(self):
        """What the batch leaves in memory is written before the commit, where the queue can begin again."""
        with self.registry.cursor() as cr:
            scenario = self.scenario(cr)
            scenario.action_activate()
            scenario._enroll(scenario.env["res.partner"].browse(self.people[:1]), "hand")
        rounds = []
        usual = self.registry["marketing.scenario.engine"]._run_due

        def run_due(this, **options):
            handled = usual(this, **options)
            rounds.append(handled)
            scenario = this.env["marketing.scenario"].browse(self.scenario_id)
            if len(rounds) == 1:
                with self.registry.cursor() as other:
                    other.execute("UPDATE marketing_scenario SET description = 'x' WHERE id = %s", [self.scenario_id])
                scenario.description = "left in memory"
            return handled

        self.patch(self.registry["marketing.scenario.engine"], "_run_due", run_due)
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["marketing.scenario.engine"]._cron_run_due()
        self.assertEqual(rounds[:2], [1, 1], "the batch began again")
        with self.registry.cursor() as cr:
            self.assertEqual(self.scenario(cr).enrollment_ids.step_id.name, "pause")
