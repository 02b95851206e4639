"""Runs follow what becomes of their target (S3, S51): closed, archived, merged, moved to another company, found to be
somebody else, turned from a contact into an account."""

from datetime import timedelta

from odoo import models

from .. import clock
from ..conflicts import nightly
from . import sql
from .states import LIVE_STATES

NIGHTS = timedelta(days=3)  # one may be missed
SLICE = 100_000  # runs of a transaction: some seconds, also where all of them change
LOOKED_THROUGH = "marketing_scenario.persons_looked_through"  # the last run of the slice before
# what tells a person: see the room "person"
PERSON = {"partner_id", "email_normalized", "phone_sanitized", "is_company", "commercial_partner_id"}
FOLLOWED = {"won_status", "active", "company_id"} | PERSON


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
        if self.env["marketing.scenario"]._ever_activated():
            numbers = {number for pair in changes.get("phone_sanitized", {}).values() for number in pair if number}
            ids = {record_id for field in PERSON & changes.keys() for record_id in changes[field]}
            self.browse(ids)._renew_persons(numbers)
        return result

    def _marketing_created(self):
        result = super()._marketing_created()
        # a lead without contact may be known by the number of the new one
        if self.env["marketing.scenario"]._ever_activated() and any(self.mapped("phone_sanitized")):
            self._renew_persons()
        return result

    def _renew_persons(self, numbers=()):
        """Runs of these records, and of those they tell, say anew who they are (S51).

        :param numbers: numbers the records had before
        """
        if self:
            numbers = {*numbers, *filter(None, self.mapped("phone_sanitized"))}
            self._flush_persons()
            who = sql.runs_of_persons(self._name, self.ids, numbers)
            self.env["marketing.scenario.enrollment"]._renew_persons(who)

    def _flush_persons(self):
        self.env["res.partner"].flush_model(
            ["email_normalized", "phone_sanitized", "is_company", "commercial_partner_id"]
        )
        self.env["crm.lead"].flush_model(["email_normalized", "phone_sanitized", "partner_id"])

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
                            "person_key",
                            "door",
                            "entered_at",
                            "state",
                            "step_id",
                            "next_run_at",
                            "end_reason",
                            "ended_at",
                            "error_message",
                            "error_stack",
                        ),
                    ),
                    strict=True,
                )
            ],
        }

    def _marketing_inherited(self, sources):
        result = super()._marketing_inherited(sources)
        if self.env["marketing.scenario"]._ever_activated():
            self._renew_persons(filter(None, sources.mapped("phone_sanitized")))
        return result

    def unlink(self):
        # the database takes a deleted record off its runs and leads: they are no longer this person
        told = []
        if self and self.env["marketing.scenario"]._ever_activated():
            self._flush_persons()
            numbers = filter(None, self.sudo().mapped("phone_sanitized"))  # sudo: an address, to find rows by
            told = sql.ids(self.env.cr, sql.runs_of_persons(self._name, self.ids, numbers))
        result = super().unlink()
        if told:
            self.env["marketing.scenario.enrollment"]._renew_persons(told)
        return result


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
        if "is_company" in changes and self.env["marketing.scenario"]._ever_activated():
            self.browse(changes["is_company"])._change_kind()
        return result

    def _change_kind(self):
        """A contact became an account, or the other way round: its runs say so, and those in a scenario that does not
        take its new kind end (S2, S3)."""
        # sudo: who may change the record may end its runs
        runs = self.env["marketing.scenario.enrollment"].sudo()
        live = runs.search([("partner_id", "in", self.ids), ("state", "in", LIVE_STATES)])
        for kind, mine in live.grouped(lambda run: run.partner_id._marketing_kind()).items():
            mine.write({"target_kind": kind})
            mine.filtered(lambda run, kind=kind: kind not in run.scenario_id._kinds())._stop("kind_not_allowed")


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @nightly
    def _gc_persons(self):
        """Say anew whose the live runs are, and the new ones that are over or held out already: the next entry asks
        about them. Of two transactions at one moment, one that lets somebody in and one that changes or deletes the
        record by which they are known, neither sees the other.

        Slice by slice, each in its own transaction; where the night ends too early, the next one goes on.

        :return: ``(runs looked through, whether more are left)`` as Odoo's autovacuum expects
        """
        parameters = self.env["ir.config_parameter"].sudo()  # a number nobody's record depends on
        first = int(parameters.get_param(LOOKED_THROUGH, 0)) + 1
        last = sql.end_of_slice(self.env.cr, first, SLICE)
        self.env["res.partner"]._flush_persons()
        self._renew_persons(sql.live_and_new_runs(clock.now(self.env) - NIGHTS, first, last))
        parameters.set_param(LOOKED_THROUGH, last or False)
        return SLICE, bool(last)
