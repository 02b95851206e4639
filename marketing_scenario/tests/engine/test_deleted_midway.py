"""A step deletes what the batch is about: nobody else is held up by it (S45)."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase

RUNS = "env['marketing.scenario.enrollment'].search([('partner_id', 'in', records.ids)], order='id')"
SQL = 'env.cr.execute("DELETE FROM %s")'
DONE = ("done", "end_step")
# what is deleted → (by which code, how the four people of that scenario end, as far as their runs are there)
DELETIONS = {
    "runs": (f"{RUNS}[:2].unlink()", {DONE}),
    "all runs, by SQL": (SQL % "marketing_scenario_enrollment WHERE door = 'api'", set()),
    "records": ("records[:2].unlink()", {DONE}),
    "the next step": (
        "env['marketing.scenario'].search([('name', '=', 'Deleting')]).step_ids[2].unlink()",
        {("stopped", "step_deleted")},
    ),
    "steps, by SQL": (SQL % "marketing_scenario_step WHERE name IN ('Delete', 'Mark')", {DONE}),
    "the scenario, by SQL": (SQL % "marketing_scenario WHERE name = 'Deleting'", set()),
}


@tagged("post_install", "-at_install")
class TestDeletedMidway(ScenarioCase):
    def test_the_others_walk_on(self):
        tag = self.env["res.partner.category"].create({"name": "Marked"})
        mark = ("tag", {"tag_id": tag.id}, "Mark")
        for what, (code, ends) in DELETIONS.items():
            with self.subTest(what):
                action = self.env["ir.actions.server"].create(
                    {
                        "name": "Delete",
                        "model_id": self.env["ir.model"]._get_id("res.partner"),
                        "state": "code",
                        "code": code,
                    }
                )
                delete = ("server_action", {"server_action_partner_id": action.id}, "Delete")
                deleting = self._make_scenario(delete, mark, name="Deleting")
                others = self._make_scenario(mark, name="Others")
                people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(5)])
                runs = self._enroll(deleting, people[:4], "api")
                beside = self._enroll(others, people[4])
                with mute_logger("odoo.addons.marketing_scenario.models.engine.engine"):
                    self.run_due()
                    self.set_now(MONDAY + timedelta(days=1))
                    self.run_due()
                    self.set_now(MONDAY)
                self.env.invalidate_all()
                self.assertEqual((beside.state, beside.end_reason), ("done", "end_step"))
                self.assertEqual(set(runs.exists().mapped(lambda run: (run.state, run.end_reason))), ends)
                if deleting.exists():
                    deleting._set_state("inactive")
                    deleting.unlink()

    def test_a_scenario_deletes_itself_before_its_tree_was_read(self):
        """The batch begins on steps of two scenarios, for somebody has moved people there."""
        tag = self.env["res.partner.category"].create({"name": "Marked"})
        code = "s = env['marketing.scenario'].search([('name', '=', 'Deleting')])\ns.action_deactivate()\ns.unlink()"
        by_sql, _ends = DELETIONS["the scenario, by SQL"]
        for what, how in {"by the ORM": code, "by SQL": by_sql}.items():
            with self.subTest(what):
                action = self.env["ir.actions.server"].create(
                    {"name": "Delete", "model_id": self.env["ir.model"]._get_id("res.partner"), "state": "code"}
                )
                action.code = how
                delete = ("server_action", {"server_action_partner_id": action.id}, "Delete")
                deleting = self._make_scenario(delete, name="Deleting")
                others = self._make_scenario(("tag", {"tag_id": tag.id}, "Mark"), name="Others")
                people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(3)])
                runs = self._enroll(deleting, people[:2], "api")
                beside = self._enroll(others, people[2])
                runs.move_to(self._step(deleting, "Delete"))
                beside.move_to(self._step(others, "Mark"))
                self.env.flush_all()
                self.env.invalidate_all()
                with mute_logger("odoo.addons.marketing_scenario.models.engine.engine"):
                    self.run_due()
                self.env.invalidate_all()
                self.assertFalse(runs.exists())
                self.assertEqual((beside.state, beside.end_reason), ("done", "end_step"))
                self.assertIn(tag, people[2].category_id)
