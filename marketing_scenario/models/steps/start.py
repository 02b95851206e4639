from odoo import fields, models


class StepStart(models.Model):
    """Start: where every run begins; exists by default, cannot be deleted (R6)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("start", "Start")], ondelete={"start": "cascade"})

    def _describe_start(self):
        return {
            "label": self.env._("Start"),
            "family": "edge",
            "icon": "fa-play",
            "outcomes": [("next", self.env._("Next"))],
            "addable": False,
        }

    def _validate_start(self):
        return []

    def _execute_start(self, run, enrollments):
        run.pass_on(enrollments)
