"""Waits are counted by the settings a step had when people came to it; on request they are counted anew (S41)."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...tools import schedule
from .. import clock
from . import sql

CHUNK = 1000  # people whose moments are worked out at once
WAITING = Domain("state", "in", ("running", "paused")) & Domain("wait_reason", "!=", False)


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    waiting_count = fields.Integer("People waiting", compute="_compute_waiting_count")

    def _compute_waiting_count(self):
        # sudo: figures only
        runs = self.env["marketing.scenario.enrollment"].sudo()
        counts = dict(runs._read_group(WAITING & Domain("step_id", "in", self.ids), ["step_id"], ["__count"]))
        for step in self:
            step.waiting_count = counts.get(step._origin, 0)

    def _moments_anew(self, enrollments):
        """Hook: ``{enrollment id: (next moment, deadline or False)}`` of those who wait here, by the settings as they
        are now; without those whose wait no setting decides. A type answers by ``_moments_anew_<type>``."""
        return self._part("moments_anew", enrollments) or {}

    def action_recalculate(self):
        """Dialog: the waits of those who wait on these steps, counted anew (S41).

        :raise AccessError: the user may not change the scenario
        """
        self.scenario_id.check_access("write")
        return self._action_recalculate(step_ids=self.ids)

    @api.model
    def _action_recalculate(self, **concerned):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recalculate the waits"),
            "res_model": "marketing.scenario.recalculate",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": value for name, value in concerned.items()},
        }


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_recalculate(self):
        """Dialog: the waits of all who wait in these scenarios, as after a change of the scenario's window.

        :raise AccessError: the user may not change the scenario
        """
        return self.step_ids.action_recalculate()


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @api.model
    def _recalculated(self, concerned):
        """The waits that would change, chunk by chunk, so that memory stays flat.

        :param concerned: domain of the people
        :return: generator of lists of ``(enrollment id, old end, new end, next moment, deadline or None)``
        """
        now = clock.now(self.env)
        for ids in split_every(CHUNK, self.search(WAITING & Domain(concerned), order="id").ids):
            chunk = self.browse(ids)
            anew = {}
            for step, waiting in chunk.grouped("step_id").items():
                step = step.with_context(marketing_scenario_company_id=step.scenario_id.company_id.id)
                anew |= step._moments_anew(waiting.with_env(step.env))
            changed = []
            for run in chunk.filtered(lambda run, anew=anew: run.id in anew):
                moment, deadline = anew[run.id]
                # who is looked at again at once waits until the deadline; who is not, until the moment
                looked_at = deadline and moment <= now
                old, new = (run.wait_until, deadline) if looked_at else (run.next_run_at, moment)
                if old != new or (deadline and deadline != run.wait_until):
                    changed.append((run.id, old or run.next_run_at, new, moment, deadline or None))
            for records in (*chunk._targets().values(), chunk):
                records.invalidate_recordset()
            yield changed

    @api.model
    def _recalculate(self, concerned):
        """Count the waits of these people anew, with a trace each.

        :return: number of those whose moment changed
        """
        count = 0
        for changed in self._recalculated(concerned):
            if changed:
                moments = [(run_id, moment, deadline) for run_id, _old, _new, moment, deadline in changed]
                sql.reschedule(self.env.cr, moments, "recalculated", clock.now(self.env))
                count += len(changed)
        if count:
            self.invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()
            self.env["marketing.scenario.engine"]._wake()
        return count

    @api.model
    def _recalculation_days(self, concerned, zone):
        """What a recalculation would do: ``([(day, people now, people after)], people who change, who go on at once)``.

        :param zone: name of the time zone of the days
        """
        now = clock.now(self.env)
        before, after = defaultdict(int), defaultdict(int)
        count = at_once = 0
        for changed in self._recalculated(concerned):
            for _id, old, new, _moment, _deadline in changed:
                count += 1
                at_once += new <= now
                for days, when in ((before, old), (after, new)):
                    days[schedule.to_local(max(when, now), zone).date()] += 1
        days = sorted(before.keys() | after.keys())
        return [(day, before[day], after[day]) for day in days], count, at_once
