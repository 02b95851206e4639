from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioStepAdd(models.TransientModel):
    """Add a step after another: type, way out, label; then its own form (S24, S38)."""

    _name = "marketing.scenario.step.add"
    _description = "Add a step"

    step_id = fields.Many2one("marketing.scenario.step", "After", required=True, ondelete="cascade", readonly=True)
    step_type = fields.Char("Type")
    type_choices = fields.Json(compute="_compute_type_choices")
    outcome = fields.Char("On the way", compute="_compute_outcome", store=True, readonly=False)
    outcome_choices = fields.Json(compute="_compute_outcome_choices")
    has_branches = fields.Boolean(compute="_compute_outcome_choices")
    name = fields.Char("Label", compute="_compute_name", store=True, readonly=False)

    @api.depends("step_id")
    def _compute_type_choices(self):
        for wizard in self:
            wizard.type_choices = [
                {"value": entry["type"], "label": entry["label"], "family": entry["family"], "icon": entry["icon"]}
                for entry in self.env["marketing.scenario.step"].palette()
            ]

    @api.depends("step_id")
    def _compute_outcome_choices(self):
        for wizard in self:
            wizard.outcome_choices = wizard.step_id._place_choices()
            wizard.has_branches = len(wizard.outcome_choices or []) > 1

    @api.depends("step_id")
    def _compute_outcome(self):
        """A free way out first; else the first, where the new step is inserted."""
        for wizard in self:
            choices = wizard.step_id._place_choices()
            free = [choice for choice in choices if not choice["hint"]]
            wizard.outcome = (free or choices)[0]["value"] if choices else False

    @api.depends("step_type")
    def _compute_name(self):
        labels = {entry["type"]: entry["label"] for entry in self.env["marketing.scenario.step"].palette()}
        for wizard in self:
            if not wizard.name or wizard.name in labels.values():
                wizard.name = labels.get(wizard.step_type, "")

    def action_add(self):
        """Create the step and open its form.

        :raise UserError: no type chosen, or the type closes its branch and something stands there already
        """
        self.ensure_one()
        if not self.step_type:
            raise UserError(self.env._("Choose the type of the step first."))
        if not self.outcome:
            raise UserError(self.env._("Choose the way on which the step comes."))
        model = self.env["marketing.scenario.step"].with_context(marketing_insert=True)
        step = model.create(
            {
                "scenario_id": self.step_id.scenario_id.id,
                "parent_id": self.step_id.id,
                "outcome": self.outcome,
                "step_type": self.step_type,
                "name": self.name or model._type_label(self.step_type),
            }
        )
        step.scenario_id._keep_closed()
        if step._describe().get("edge"):
            return {"type": "ir.actions.act_window_close"}
        return step.with_context(marketing_insert=False).action_inspect()
