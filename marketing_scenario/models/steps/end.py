from odoo import fields, models


class StepEnd(models.Model):
    """End: closes its branch; nothing may follow (S28, R34)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("end", "End")], ondelete={"end": "cascade"})

    def _describe_end(self):
        return {"family": "edge", "edge": "end", "place": 20, "icon": "fa-stop", "outcomes": []}

    def _validate_end(self):
        return []

    def _execute_end(self, decisions, enrollments):
        decisions.finish(enrollments, "end_step")
