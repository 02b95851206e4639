"""Runs follow what becomes of their target (S3): closed, archived, merged, moved to another company."""

from odoo import models

from . import engine_sql

FOLLOWED = {"won_status", "active", "company_id"}


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_watched(self):
        watched = super()._marketing_watched()
        if self.env["marketing.automatism.event"]._scenarios_in_use():
            watched |= FOLLOWED & self._marketing_triggers.keys()
        return watched

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        if "company_id" in changes:
            self.flush_model(["company_id"])
            self._marketing_runs("change_company", list(changes["company_id"]))
        return result

    def _marketing_runs(self, statement, ids, *args, **options):
        """Run a statement of ``engine_sql`` on the runs of ``ids``; only the cache of rows it touched is dropped."""
        if not ids:
            return
        self.env["marketing.scenario.enrollment"].flush_model()
        self.env["marketing.scenario"].flush_model(["leave_on_lead_closed", "company_id"])
        now = self.env["marketing.scenario.engine"]._now()
        if getattr(engine_sql, statement)(self.env.cr, self._name, ids, *args, now, **options):
            self.env["marketing.scenario.enrollment"].invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()

    def _marketing_inherit(self, sources):
        """This record survives a merge with ``sources``: it takes over their runs and events; no double run (S3)."""
        self.ensure_one()
        events = self.env["marketing.automatism.event"]
        if events._listened():
            engine_sql.inherit_events(self.env.cr, self._name, sources.ids, self.id)
        if not events._scenarios_in_use():
            return
        self.env["marketing.scenario.enrollment"].flush_model()
        now = self.env["marketing.scenario.engine"]._now()
        if engine_sql.inherit_runs(self.env.cr, self._name, sources.ids, self.id, now):
            self.env["marketing.scenario.enrollment"].invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()
            (self + sources).invalidate_recordset(["marketing_enrollment_ids"])


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_set_lost(self, **additional_values):
        # Odoo archives first and sets the probability after: the runs shall end as "lost", not as "archived"
        lost = self.with_context(marketing_set_lost=True)
        return super(CrmLead, lost).action_set_lost(**additional_values)

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        if not self.env["marketing.automatism.event"]._scenarios_in_use():
            return result
        status = changes.get("won_status", {})
        closed = {i: f"lead_{new}" for i, (_old, new) in status.items() if new != "pending"}
        if not self.env.context.get("marketing_set_lost"):
            archived = {i: "target_archived" for i, (_old, new) in changes.get("active", {}).items() if not new}
            closed = archived | closed
        for reason in dict.fromkeys(closed.values()):
            ids = [i for i, of_lead in closed.items() if of_lead == reason]
            self._marketing_runs("stop_runs", ids, reason, closing=True)
        return result

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._marketing_inherit(opportunities)
        if any(lead.marketing_own_score for lead in opportunities):
            (self + opportunities).flush_recordset(["marketing_own_score"])
            engine_sql.inherit_score_lines(self.env.cr, opportunities.ids, self.id)
            (self + opportunities).invalidate_recordset(["marketing_own_score", "marketing_score_line_ids"])
        return result

    def _merge_get_fields(self):
        # who refused once must not be written to because two leads became one
        refusals = [f"marketing_refuse_{channel}" for channel in ("email", "sms", "phone", "all")]
        optin = [f"marketing_optin{part}" for part in ("", "_date", "_source", "_proof")]
        return [*super()._merge_get_fields(), *refusals, *optin]


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        archived = [i for i, (_old, new) in changes.get("active", {}).items() if not new]
        self._marketing_runs("stop_runs", archived, "target_archived")
        return result
