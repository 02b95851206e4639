from odoo import api, fields, models


class MarketingScenarioStepDialog(models.AbstractModel):
    """A dialog after which steps go: those that stood there when it was opened, none that came since (S25)."""

    _name = "marketing.scenario.step.dialog"
    _description = "Dialog on a step"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade", readonly=True)
    seen = fields.Json("Steps that were shown", compute="_compute_seen", store=True, precompute=True, readonly=False)

    @api.depends("step_id")
    def _compute_seen(self):
        for dialog in self:
            dialog.seen = dialog.step_id._origin._with_descendants().ids

    def _check_seen(self, doomed):
        """:raise UserError: somebody else has put steps there since; they are named"""
        self.step_id.scenario_id._claim_trees()
        self.step_id._check_seen(doomed, self.seen)
