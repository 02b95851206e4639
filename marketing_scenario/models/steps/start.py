from odoo import fields, models


class StepStart(models.Model):
    """Start: where every run begins; exists by default, cannot be deleted (R6)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("start", "Start")], ondelete={"start": "cascade"})

    def _describe_start(self):
        return {
            "family": "edge",
            "place": 10,
            "icon": "fa-play",
            "outcomes": [("next", self.env._("Next"))],
            "edge": "start",
        }

    def _validate_start(self):
        return []

    def _execute_start(self, decisions, enrollments):
        decisions.pass_on(enrollments)
