from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.entry.summary import summarize
from ..models.target.mixin import TARGET_MODELS

FEW = 100  # up to here the dialog tells for every scenario who would be refused


class MarketingScenarioEnroll(models.TransientModel):
    """The "+" of the Marketing pane and the list action *Send into a scenario* (S12)."""

    _name = "marketing.scenario.enroll"
    _description = "Send into a scenario"

    res_model = fields.Char(required=True)
    res_ids = fields.Json("Records")
    door = fields.Selection([("hand", "By hand"), ("list", "From a list")], default="list", required=True)
    record_count = fields.Integer(compute="_compute_record_count")
    record_name = fields.Char(compute="_compute_record_count")
    scenario_id = fields.Many2one("marketing.scenario")
    scenario_choices = fields.Json(compute="_compute_scenario_choices")
    accepted_count = fields.Integer(compute="_compute_refusals")
    refusal_summary = fields.Text("Will be rejected", compute="_compute_refusals")
    unreached = fields.Text("Whom no message can reach now", compute="_compute_refusals")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids") or []
        if model in TARGET_MODELS:
            values |= {"res_model": model, "res_ids": list(ids)}
        return values

    def _records(self):
        if self.res_model not in TARGET_MODELS:
            return self.env["res.partner"]
        return self.env[self.res_model].browse(self.res_ids or []).exists()

    @api.depends("res_model", "res_ids")
    def _compute_record_count(self):
        for wizard in self:
            records = wizard._records()
            wizard.record_count = len(records)
            wizard.record_name = records.display_name if len(records) == 1 else False

    @api.depends("res_model", "res_ids")
    def _compute_scenario_choices(self):
        """Every active scenario the user sees; those that would take no one are shown greyed, with the reason."""
        active = self.env["marketing.scenario"].search([("state", "=", "active")], order="name")
        for wizard in self:
            records = wizard._records()
            choices = []
            for scenario in active:
                rejected = scenario._rejections_for(records[:FEW])
                accepted = len(records[:FEW]) - len(rejected)
                hint = summarize(self.env, rejected, len(records[:FEW]))
                choices.append({"value": scenario.id, "label": scenario.name, "hint": hint, "disabled": not accepted})
            wizard.scenario_choices = sorted(choices, key=lambda choice: choice["disabled"])

    @api.depends("scenario_id", "res_ids")
    def _compute_refusals(self):
        for wizard in self:
            records = wizard._records()
            rejected = wizard.scenario_id._rejections_for(records) if wizard.scenario_id else {}
            wizard.accepted_count = len(records) - len(rejected) if wizard.scenario_id else 0
            wizard.refusal_summary = summarize(self.env, rejected, len(records), separator="\n")
            accepted = records.browse(record_id for record_id in records.ids if record_id not in rejected)
            wizard.unreached = wizard.scenario_id._told_unreached(accepted)

    def action_forecast(self):
        """Open the forecast for these records.

        :raise UserError: no scenario chosen
        """
        domain = repr([("id", "in", self._records().ids)])
        return self._chosen_scenario()._action_outlook("domain", model=self.res_model, domain=domain)

    def _chosen_scenario(self):
        self.ensure_one()
        if not self.scenario_id:
            raise UserError(self.env._("Choose a scenario."))
        return self.scenario_id

    def action_confirm(self):
        """Send them in; a notification says how many entered and why others were refused.

        :raise UserError: no scenario chosen
        """
        scenario = self._chosen_scenario()
        enrollments, refused = scenario._enroll_allowed(self._records(), self.door)
        return scenario._notify_entry(enrollments, refused)
