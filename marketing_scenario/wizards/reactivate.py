from odoo import api, fields, models


class MarketingScenarioReactivate(models.TransientModel):
    """What becomes of overdue people when a scenario is activated again (S7)."""

    _name = "marketing.scenario.reactivate"
    _description = "Reactivate a scenario"

    scenario_ids = fields.Many2many("marketing.scenario", "marketing_scenario_reactivate_rel", string="Scenarios")
    overdue_count = fields.Integer("People overdue", compute="_compute_overdue_count")
    answer = fields.Selection(
        [
            ("run_now", "Run them now"),
            ("spread", "Spread them over some hours"),
            ("skip", "Skip messages that are too late"),
        ],
        default="spread",
        required=True,
    )
    hours = fields.Integer("Over how many hours", default=8)
    days = fields.Integer("Too late after (days)", default=2)

    @api.depends("scenario_ids")
    def _compute_overdue_count(self):
        for wizard in self:
            wizard.overdue_count = wizard.scenario_ids._overdue_count()

    def action_confirm(self):
        """Activate with the chosen answer."""
        return self.scenario_ids.with_context(
            marketing_overdue=self.answer,
            marketing_overdue_hours=self.hours,
            marketing_overdue_days=self.days,
        ).action_activate()
