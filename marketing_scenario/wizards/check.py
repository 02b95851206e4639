from odoo import api, fields, models

from ..tools.words import sentence


class MarketingScenarioCheck(models.TransientModel):
    """The findings of the check, each with its step and its remedy (S40)."""

    _name = "marketing.scenario.check"
    _description = "Check of a scenario"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", readonly=True)
    state = fields.Selection(related="scenario_id.state")
    has_missing_ends = fields.Boolean(related="scenario_id.has_missing_ends")
    line_ids = fields.One2many("marketing.scenario.check.line", "check_id")
    error_count = fields.Integer(compute="_compute_counts")
    warning_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.level")
    def _compute_counts(self):
        for check in self:
            check.error_count = len(check.line_ids.filtered(lambda line: line.level == "error"))
            check.warning_count = len(check.line_ids) - check.error_count

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create(vals_list)
        checks._look()
        return checks

    def _look(self):
        for check in self:
            issues = sorted(check.scenario_id._check_issues(), key=lambda issue: issue["level"])
            check.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {"step_id": issue["step_id"], "level": issue["level"], "message": sentence(issue["message"])}
                )
                for issue in issues
            ]

    def action_check_again(self):
        self._look()
        return self._action_open()

    def action_add_missing_ends(self):
        """Close the open branches, then look again."""
        self.scenario_id.action_add_missing_ends()
        return self.action_check_again()

    def action_activate(self):
        """Activate when no error is left, else show what is."""
        self._look()
        return self._action_open() if self.error_count else self.scenario_id.action_activate()

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of “%(name)s”", name=self.scenario_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class MarketingScenarioCheckLine(models.TransientModel):
    _name = "marketing.scenario.check.line"
    _description = "Finding of a check"

    check_id = fields.Many2one("marketing.scenario.check", required=True, ondelete="cascade")
    step_id = fields.Many2one("marketing.scenario.step", ondelete="cascade")
    level = fields.Selection([("error", "Error"), ("warning", "Warning")], required=True)
    message = fields.Text(required=True)

    def action_open_step(self):
        """Open the settings of the step beside the tree."""
        return self.step_id.action_inspect()
