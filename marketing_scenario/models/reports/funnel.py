"""From one step to another: how many come through, and where the others are (S43)."""

from collections import Counter
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import clock
from . import sql

MOST_STEPS = 60  # of a longer way, the first and the last steps are shown


def passed(step):
    """Condition on runs: they passed this step."""
    return Domain("trace_ids", "any", step._passed_domain() & Domain("step_id", "=", step.id))


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def funnel(self, first_id, last_id, days=90):
        """Of those who entered in the last ``days`` days and passed one step, how many passed another, and what became
        of the others.

        :return: dict: ``steps`` ``[{"id", "name", "icon", "family", "count"}]``: the steps between, each with how many
            of those who passed the first one passed it; ``lost`` ``[{"step_id", "step", "state", "reason", "label",
            "count"}]``: where those are who did not pass the last one
        :raise UserError: the steps are not of this scenario
        """
        self.ensure_one()
        self.check_access("read")
        steps = self._funnel_steps(first_id, last_id)
        since = clock.now(self.env) - timedelta(days=days)
        # figures only: a user sees the same as the manager
        self.env.flush_all()
        sql.with_memory(self.env.cr)
        counts, lost = [0] * len(steps), Counter()
        for bits, *place, count in sql.funnel(self.env.cr, self.id, steps.ids, since):
            if not bits or not bits & 1:
                continue
            for position in range(len(steps)):
                counts[position] += count if bits >> position & 1 else 0
            if not bits >> len(steps) - 1 & 1:
                lost[tuple(place)] += count
        runs = self.env["marketing.scenario.enrollment"]
        reasons = dict(runs._fields["end_reason"]._description_selection(self.env))
        states = dict(runs._fields["state"]._description_selection(self.env))
        names = {step.id: step.name for step in self.step_ids}
        return {
            "steps": [
                {
                    "id": step.id,
                    "name": step.name,
                    "icon": step.icon,
                    "family": step.family,
                    "count": count,
                }
                for step, count in zip(steps, counts, strict=True)
            ],
            "lost": [
                {
                    "step_id": step_id,
                    "step": names.get(step_id) or self.env._("Deleted step"),
                    "state": state,
                    "reason": reason,
                    "label": reasons.get(reason) or states[state],
                    "count": count,
                }
                for (step_id, state, reason), count in lost.most_common()
            ],
        }

    def funnel_people(self, first_id, last_id, days, step_id, state=False, reason=False):
        """The people of one row of ``lost``, or without a ``state``, of one of ``steps``, as an action."""
        self.ensure_one()
        self.check_access("read")
        steps = self._funnel_steps(first_id, last_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "marketing_scenario.marketing_scenario_enrollment_action"
        )
        domain = (
            Domain("scenario_id", "=", self.id)
            & Domain("entered_at", ">=", clock.now(self.env) - timedelta(days=days))
            & passed(steps[:1])
        )
        if state:
            domain &= (
                Domain("step_id", "=", step_id or False)
                & Domain("state", "=", state)
                & Domain("end_reason", "=", reason or False)
                & ~passed(steps[-1:])
            )
        else:
            domain &= passed(steps.filtered(lambda step: step.id == step_id))
        return {**action, "domain": list(domain), "context": {}, "display_name": self.name}

    def _funnel_steps(self, first_id, last_id):
        """The way from one step down to the other; both alone when no way of the tree leads there."""
        first, last = (self.step_ids.filtered(lambda step, i=i: step.id == i) for i in (first_id, last_id))
        if not first or not last:
            raise UserError(self.env._("Choose two steps of this scenario."))
        way, step = last, last
        while step and step != first:
            step = step.parent_id
            way = step + way
        half = MOST_STEPS // 2
        return (way if len(way) <= MOST_STEPS else way[:half] + way[-half:]) if step else first + last
