"""Runs follow what becomes of their target (S3): closed, archived, merged, moved to another company."""

from odoo import models

from .. import clock
from . import sql

FOLLOWED = {"won_status", "active", "company_id"}


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_watched(self):
        watched = super()._marketing_watched()
        if self.env["marketing.scenario"]._ever_activated():
            watched |= FOLLOWED & self._marketing_triggers.keys()
        return watched

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        if "company_id" in changes:
            self.flush_model(["company_id"])
            self._marketing_runs(sql.change_company, list(changes["company_id"]))
        return result

    def _marketing_runs(self, statement, ids, **options):
        """Run a statement of this room on the runs of ``ids``; the cache is dropped only when it changed rows."""
        if not ids:
            return
        self.env["marketing.scenario.enrollment"].flush_model()
        self.env["marketing.scenario"].flush_model(["leave_on_lead_closed", "company_id"])
        if statement(self.env.cr, self._name, ids, now=clock.now(self.env), **options):
            self.env["marketing.scenario.enrollment"].invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()

    def _marketing_inherit(self, sources):
        result = super()._marketing_inherit(sources)
        if self.env["marketing.scenario"]._ever_activated():
            self._marketing_runs(sql.inherit_runs, sources.ids, survivor_id=self.id)
            (self + sources).invalidate_recordset(["marketing_enrollment_ids"])
        return result

    def _forget_person(self, person):
        """The path of their runs stays for the figures, without the texts that could name the person (S37)."""
        result = super()._forget_person(person)
        self.env.flush_all()
        runs = self.env["marketing.scenario.enrollment"].search([(self._marketing_column, "in", self.ids)])
        sql.forget_texts(self.env.cr, runs.ids)
        self.env.invalidate_all()
        return result

    def _person_report(self):
        runs = self.env["marketing.scenario.enrollment"].search([(self._marketing_column, "in", self.ids)], order="id")
        return {
            **super()._person_report(),
            self.env._("Scenarios"): [
                {
                    **row,
                    self.env._("Path"): self._report_rows(
                        run.trace_ids.sorted("id"), ("at", "step_id", "outcome_label", "reason", "message")
                    ),
                }
                for run, row in zip(
                    runs,
                    self._report_rows(
                        runs,
                        (
                            "scenario_id",
                            "door",
                            "entered_at",
                            "state",
                            "step_id",
                            "next_run_at",
                            "end_reason",
                            "ended_at",
                            "error_message",
                        ),
                    ),
                    strict=True,
                )
            ],
        }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_set_lost(self, **additional_values):
        # Odoo archives first and sets the probability after: the runs shall end as "lost", not as "archived"
        lost = self.with_context(marketing_set_lost=True)
        return super(CrmLead, lost).action_set_lost(**additional_values)

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        if not self.env["marketing.scenario"]._ever_activated():
            return result
        status = changes.get("won_status", {})
        reasons = {"won": "lead_won", "lost": "lead_lost"}
        closed = {i: reasons[new] for i, (_old, new) in status.items() if new in reasons}
        if not self.env.context.get("marketing_set_lost"):
            archived = {i: "target_archived" for i, (_old, new) in changes.get("active", {}).items() if not new}
            closed = archived | closed
        for reason in dict.fromkeys(closed.values()):
            ids = [i for i, of_lead in closed.items() if of_lead == reason]
            self._marketing_runs(sql.stop_runs, ids, reason=reason, closing=True)
        return result


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        archived = [i for i, (_old, new) in changes.get("active", {}).items() if not new]
        self._marketing_runs(sql.stop_runs, archived, reason="target_archived")
        return result
