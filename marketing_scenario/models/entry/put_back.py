"""Putting back runs that were taken out by mistake, with their place (S12); one person is one person there too."""

from dataclasses import replace

from odoo import models

from .. import clock
from ..enrollment import sql as enrollment_sql
from . import sql


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def action_put_back(self):
        """Dialog: these runs go on where they stood; it says who cannot and why."""
        return self._action_dialog(self.env._("Put back"), "put_back")

    def _put_back(self, keep_time=True):
        """Have these stopped runs go on where they stood; who cannot keeps the reason on the path.

        :param keep_time: the time that was left of a wait is left of it still; else it ran on while they were out
        :return: ``{enrollment id: reason}`` of those who cannot
        :raise AccessError: the user may not change a target
        """
        rejected = self._checked()._put_back_rejections()
        for reason, ids in self._by_reason(rejected).items():
            self.browse(ids)._trace("not_put_back", reason)
        returning = self.filtered(lambda run: run.id not in rejected)
        if returning:
            self.flush_model()
            enrollment_sql.put_back(self.env.cr, returning.ids, keep_time, clock.now(self.env))
            self.invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()
            returning._look_again()
            self.env["marketing.scenario.engine"]._wake()
        return rejected

    def _put_back_rejections(self):
        """``{enrollment id: reason}`` of those of these runs that cannot be put back; of several runs of one person in
        a scenario the last one can."""
        rejected = {}
        for run in self:
            if run.state != "stopped":
                rejected[run.id] = "not_taken_out"
            elif run.end_reason == "erased":
                rejected[run.id] = "erased"
            elif not (run.partner_id or run.lead_id):
                rejected[run.id] = "target_deleted"
            elif not run.step_id:
                rejected[run.id] = "step_deleted"
        asking = self.filtered(lambda run: run.id not in rejected)
        self.env.flush_all()
        for scenario, runs in asking.grouped("scenario_id").items():
            last = self.browse([run.id for run in {run.person_key: run for run in runs.sorted("id")}.values()])
            rejected |= dict.fromkeys((runs - last).ids, "already_inside")
            for records in last._targets().values():
                # it is no entry: having been in the scenario before does not count
                request = replace(scenario._request(records), reentry="finished")
                reasons = sql.rejections(self.env.cr, request)
                for run_id, record_id in last._ids_of(records):
                    if record_id in reasons:
                        rejected[run_id] = reasons[record_id][0]
        return rejected

    def _by_reason(self, rejected):
        """``{reason: [enrollment ids]}``"""
        groups = {}
        for run_id, reason in rejected.items():
            groups.setdefault(reason, []).append(run_id)
        return groups
