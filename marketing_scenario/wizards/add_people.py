from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.entry.summary import summarize
from ..models.target.filters import FILTER_ERRORS, domain_of


class MarketingScenarioAddPeople(models.TransientModel):
    """Static query: all records of a filter enter now; tells first how many and who is refused (S15)."""

    _name = "marketing.scenario.add.people"
    _description = "Send a query into a scenario"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [("contact", "Contacts"), ("account", "Accounts"), ("lead", "Leads and opportunities")],
        "Who",
        default=lambda self: self._first_kind(),
        required=True,
    )
    res_model = fields.Char(compute="_compute_res_model")
    can_import = fields.Boolean(compute="_compute_can_import", help="Odoo's import of files is installed.")
    filter_id = fields.Many2one("ir.filters", "Saved filter", domain="[('model_id', '=', res_model)]")
    domain = fields.Char("Filter", compute="_compute_domain", store=True, readonly=False)
    found_count = fields.Integer("Found", compute="_compute_counts")
    accepted_count = fields.Integer("Will enter", compute="_compute_counts")
    refused_count = fields.Integer("Will be rejected", compute="_compute_counts")
    refusal_summary = fields.Text("Why rejected", compute="_compute_counts")
    unreached = fields.Text("Whom no message can reach now", compute="_compute_counts")

    @api.model
    def _first_kind(self):
        scenario = self.env["marketing.scenario"].browse(self.env.context.get("default_scenario_id"))
        return scenario._kinds()[0] if scenario else "contact"

    @api.depends("kind")
    def _compute_res_model(self):
        for wizard in self:
            wizard.res_model = "crm.lead" if wizard.kind == "lead" else "res.partner"

    def _compute_can_import(self):
        self.can_import = "base_import.import" in self.env

    @api.depends("kind", "filter_id")
    def _compute_domain(self):
        for wizard in self:
            fits = wizard.filter_id and wizard.filter_id.model_id == wizard.res_model
            kind = [] if wizard.kind == "lead" else [("is_company", "=", wizard.kind == "account")]
            wizard.domain = wizard.filter_id.domain if fits else str(kind)

    @api.onchange("kind")
    def _onchange_kind(self):
        self.filter_id = False

    @api.depends("kind", "domain", "scenario_id")
    def _compute_counts(self):
        for wizard in self:
            records = wizard._records()
            rejected = wizard.scenario_id._origin._rejections_for(records)
            wizard.found_count = len(records)
            wizard.refused_count = len(rejected)
            wizard.accepted_count = len(records) - len(rejected)
            wizard.refusal_summary = summarize(self.env, rejected, 0, separator="\n")
            accepted = records.browse(record_id for record_id in records.ids if record_id not in rejected)
            wizard.unreached = wizard.scenario_id._origin._told_unreached(accepted)

    def _records(self):
        """Records of the filter that the user may see.

        :raise UserError: the filter cannot be read
        """
        if not self.kind:
            return self.env["res.partner"]
        records = self.env[self.res_model]
        of_kind = Domain.TRUE if self.kind == "lead" else Domain("is_company", "=", self.kind == "account")
        try:
            return records.search(of_kind & domain_of(records, self.domain))
        except FILTER_ERRORS as error:
            raise UserError(self.env._("The filter cannot be read: %(error)s. Set it again.", error=error)) from error

    def action_import(self):
        """Import a file of these people; they enter as they are imported."""
        self.ensure_one()
        return self.scenario_id._action_import(self.kind)

    def action_confirm(self):
        """Send them in, each refusal noted with its reason."""
        self.ensure_one()
        records = self._records()
        if not records:
            raise UserError(self.env._("The filter finds nobody."))
        enrollments, refused = self.scenario_id._enroll_allowed(records, "query")
        return self.scenario_id._notify_entry(enrollments, refused)
