from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MarketingScenarioCase(models.Model):
    """An ordered case of a Switch step: its rules, and the way out ``case_<number>``."""

    _name = "marketing.scenario.case"
    _description = "Case of a switch step"
    _inherit = ["marketing.scenario.rule.holder"]
    _order = "sequence, id"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade", index=True)
    scenario_id = fields.Many2one(related="step_id.scenario_id")
    sequence = fields.Integer(default=10)
    number = fields.Integer(readonly=True, copy=True, help="Stays the same when cases are reordered.")
    name = fields.Char("Label", required=True, default=lambda self: self._next_name())
    rule_ids = fields.One2many("marketing.scenario.rule", "case_id", string="Rules", copy=True)
    summary = fields.Char(compute="_compute_summary")

    _number_unique = models.UniqueIndex("(step_id, number)", "Two cases of a switch cannot have the same number.")

    @api.depends("rule_ids.summary", "rule_combine")
    @api.depends_context("lang")
    def _compute_summary(self):
        for case in self:
            case.summary = case._rules_summary()

    def _next_name(self):
        """A case can be added at once and named later."""
        step = self.env["marketing.scenario.step"].browse(self.env.context.get("default_step_id"))
        return self.env._("Case %(number)s", number=len(step.case_ids) + 1)

    @api.model_create_multi
    def create(self, vals_list):
        taken = {}
        for vals in vals_list:
            step_id = vals["step_id"]
            if step_id not in taken:
                taken[step_id] = max(self.search([("step_id", "=", step_id)]).mapped("number"), default=0)
            if not vals.get("number"):
                taken[step_id] += 1
                vals["number"] = taken[step_id]
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """R54: a branch cannot be deleted alone."""
        for case in self:
            if case.step_id.child_ids.filtered(lambda step, case=case: step.outcome == case._outcome()):
                raise ValidationError(
                    self.env._(
                        "Steps hang on the case “%(case)s”. Delete or move them first, or delete the whole Switch.",
                        case=case.name,
                    )
                )

    def _outcome(self):
        return f"case_{self.number}"
