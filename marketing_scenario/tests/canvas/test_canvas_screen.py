from ..tour_case import TourCase


class TestCanvasScreen(TourCase):
    """The canvas as people use it, in a browser."""

    def _shape(self, step):
        """The tree below a step: its type, and what hangs on each of its ways."""
        return step.step_type, {child.outcome: self._shape(child) for child in step.child_ids}

    def test_the_nine_steps_by_drag_and_drop_and_back(self):
        self.start_tour("/odoo/marketing-scenarios", "marketing_scenario_canvas_drag", login="admin", timeout=300)
        scenario = self.env["marketing.scenario"].search([("name", "=", "Built by dragging")])
        end = ("end", {})
        asked = ("if", {"yes": end, "no": ("email", {"next": end})})
        ways = {"case_1": asked, "case_2": ("goto", {}), "case_3": ("email", {"next": end}), "otherwise": end}
        line = ("email", {"next": ("pause", {"next": ("switch", ways)})})
        self.assertEqual(self._shape(scenario.start_step_id), ("start", {"next": line}))
        self.assertEqual(scenario.step_ids.filtered("pause_days").pause_days, 7)
        self.assertEqual(scenario.step_ids.case_ids.mapped("name"), ["Clickers", "Openers", "Inactive"])

    def test_the_nine_steps_by_keys_alone_and_back(self):
        scenario = self.env["marketing.scenario"].create({"name": "Built by keys"})
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_canvas_keys", login="admin", timeout=300
        )
        end = ("end", {})
        asked = ("if", {"yes": end, "no": ("email", {"next": end})})
        clicked = ("if", {"yes": asked, "no": ("goto", {})})
        line = ("email", {"next": ("pause", {"next": ("tag", {"next": clicked})})})
        scenario.invalidate_recordset()
        self.assertEqual(self._shape(scenario.start_step_id), ("start", {"next": line}))
        self.assertIn("campaign", scenario.step_ids.mapped("name"))

    def test_branches_are_moved_copied_and_deleted(self):
        branch = [("tag", {}, "First"), ("tag", {}, "Second"), ("end", {}, "Bye")]
        scenario = self._make_scenario(("if", {}, "Decide", {"yes": branch}), name="Branches", active=False)
        self._step(scenario, "Decide").child_ids.filtered(lambda step: step.outcome == "no").unlink()
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_canvas_branches", login="admin", timeout=200
        )
        scenario.invalidate_recordset()
        end = ("end", {})
        branches = {"yes": ("score", {"next": end}), "no": ("tag", {"next": ("tag", {"next": end})})}
        self.assertEqual(self._shape(self._step(scenario, "Decide")), ("if", branches))
