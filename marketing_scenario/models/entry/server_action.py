from odoo import api, fields, models

from ..target.mixin import TARGET_MODELS

STATE = "marketing_scenario_enroll"


class IrActionsServer(models.Model):
    """Server action *Send into a scenario*: for Odoo's Automation Rules and the Action menu of lists (S16)."""

    _inherit = "ir.actions.server"

    state = fields.Selection(
        selection_add=[(STATE, "Send into a scenario"), ("followers",)], ondelete={STATE: "cascade"}
    )
    marketing_scenario_id = fields.Many2one("marketing.scenario", string="Scenario", ondelete="cascade")

    def _name_depends(self):
        return [*super()._name_depends(), "marketing_scenario_id"]

    def _generate_action_name(self):
        self.ensure_one()
        if self.state == STATE and self.marketing_scenario_id:
            return self.env._("Send into %(scenario)s", scenario=self.marketing_scenario_id.name)
        return super()._generate_action_name()

    @api.depends("state")
    def _compute_available_model_ids(self):
        ours = self.filtered(lambda action: action.state == STATE)
        if ours:
            ours.available_model_ids = self.env["ir.model"].search([("model", "in", TARGET_MODELS)]).ids
        return super(IrActionsServer, self - ours)._compute_available_model_ids()

    @api.model
    def _warning_depends(self):
        return [*super()._warning_depends(), "marketing_scenario_id"]

    def _get_warning_messages(self):
        self.ensure_one()
        warnings = super()._get_warning_messages()
        if self.state == STATE:
            if self.model_id and self.model_id.model not in TARGET_MODELS:
                warnings.append(self.env._("Only contacts, accounts and leads can be sent into a scenario."))
            if not self.marketing_scenario_id:
                warnings.append(self.env._("Choose the scenario."))
        return warnings

    def _run_action_marketing_scenario_enroll_multi(self, eval_context=None):
        """Send the records in, all at once; those the user may not change are rejected, as by hand (S48)."""
        records = (eval_context or {}).get("records") or (eval_context or {}).get("record")
        if records and self.marketing_scenario_id and records._name in TARGET_MODELS:
            # the rights that count are those of the user who runs the action, not the action's own
            self.marketing_scenario_id.with_env(records.env)._enroll_allowed(records, "server_action", origin=self.name)
        return False
