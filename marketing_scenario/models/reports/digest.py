"""The weekly summary: Odoo's digest tells what scenarios brought (S43)."""

from odoo import fields, models
from odoo.exceptions import AccessError

USER = "marketing_scenario.group_scenario_user"


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_marketing_entries = fields.Boolean("Entries into scenarios")
    kpi_marketing_entries_value = fields.Integer(compute="_compute_kpi_marketing_entries_value")
    kpi_marketing_goals = fields.Boolean("Goals reached")
    kpi_marketing_goals_value = fields.Integer(compute="_compute_kpi_marketing_goals_value")

    def _compute_kpi_marketing_entries_value(self):
        self._check_marketing()
        self._calculate_company_based_kpi(
            "marketing.report.entry", "kpi_marketing_entries_value", date_field="entered_at"
        )

    def _compute_kpi_marketing_goals_value(self):
        self._check_marketing()
        # sudo: figures only; a user sees the same as the manager
        self.sudo()._calculate_company_based_kpi(
            "marketing.scenario.conversion",
            "kpi_marketing_goals_value",
            date_field="at",
            additional_domain=self.env["marketing.scenario.conversion"]._counted_domain(),
        )

    def _check_marketing(self):
        """The digest leaves out what its reader may not know."""
        if not self.env.user.has_group(USER):
            raise AccessError(self.env._("Only users of scenarios are told what scenarios brought."))

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("marketing_scenario.marketing_scenario_menu_root").id
        actions["kpi_marketing_entries"] = f"marketing_scenario.marketing_report_entry_action?menu_id={menu}"
        actions["kpi_marketing_goals"] = f"marketing_scenario.marketing_scenario_conversion_action?menu_id={menu}"
        return actions
