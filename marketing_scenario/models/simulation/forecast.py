"""Forecast: what will happen to many people, before it does (S55)."""

import random
from collections import Counter, defaultdict
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Datetime, Domain
from odoo.tools import split_every

from .. import clock
from ..enrollment.states import CLOSING_EVENTS, CONTROL, LIVE_STATES
from ..target.filters import domain_of
from . import sql
from .behaviour import Behaviour, known_rates
from .crowd import Crowd
from .world import dry_world

SAMPLE = 4_000  # more people are represented by as many, chosen at random
CROWD = 2_000  # how many walk in one dry world: what they lock is free again after each
HORIZON = timedelta(days=180)
RECENT = timedelta(days=30)
LEAVING = (*CLOSING_EVENTS, "stopped", "error")  # events by which a run is no longer on the step


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_forecast(self):
        """Open the forecast of this scenario."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario.forecast",
            "name": self.env._("Forecast of “%(scenario)s”", scenario=self.name),
            "params": {"scenario_id": self.id},
        }

    def forecast(self, who, model="res.partner", domain="[]", rates=None):
        """Walk many people through this scenario, in any state, as a dry run; nothing is sent or written.

        :param who: ``domain``: those whom a filter finds; ``recent``: those who entered in the last 30 days, as if they
            entered now; ``inside``: those who are in the scenario, from where they stand
        :param model: ``res.partner`` or ``crm.lead``, for ``domain``
        :param domain: filter as the domain widget writes it, read and asked with the user's rights
        :param rates: ``{"opened" | "clicked" | "replied": percent of the mails sent}``; those left out are measured
        :return: dict: ``people`` (how many), ``walked`` (how many of them, by chance), ``rejected`` and ``blocked``
            and ``ends`` ``[{"reason", "count"}]``, ``steps`` (see ``_forecast_steps``), ``messages``
            ``[{"hour", "type", "count"}]``, ``inside`` (not through after half a year), ``capped``, ``rates``,
            ``complete``. Counts are of ``walked`` people
        :raise UserError: unknown model, a filter or a rate that cannot be read
        """
        self._check_one_asked()
        self.check_access("write")
        groups, people = self._forecast_groups(who, model, domain)
        known = known_rates(self.env, self, rates)
        # the same people react alike each time: two forecasts differ by what was changed only
        chance = random.Random(self.id)  # noqa: S311 no secret
        total = Total()
        for records in groups:
            for ids in split_every(CROWD, records.ids):
                self._walk_crowd(records.browse(ids), who, Behaviour(chance, known), total)
        return {"people": people, "rates": known, **self._forecast_told(total)}

    def _forecast_groups(self, who, model, domain):
        """``([records, a model each], how many people they stand for)``."""
        runs = self.env["marketing.scenario.enrollment"]
        if who == "domain":
            found = self._forecast_found(self._records_asked(model, []), domain)
            groups = [found._filtered_access("write")]
        elif who in ("recent", "inside"):
            wanted = Domain("scenario_id", "=", self.id)
            if who == "recent":
                wanted &= Domain("entered_at", ">=", clock.now(self.env) - RECENT)
                groups = list(runs.search(wanted)._targets().values())
            else:
                groups = [runs.search(wanted & Domain("state", "=", "running"))]
        else:
            raise UserError(self.env._("who: “%(who)s” is none of domain, recent, inside.", who=who))
        people = sum(len(group) for group in groups)
        if people > SAMPLE:
            chance = random.Random(self.id)  # noqa: S311 no secret
            share = SAMPLE / people
            groups = [group.browse(chance.sample(group.ids, int(len(group) * share))) for group in groups]
        return groups, people

    def _forecast_found(self, records, text):
        """Those that the filter finds.

        :raise UserError: it cannot be read
        """
        try:
            return records.search(domain_of(records, text))
        except ValueError as error:
            raise UserError(self.env._("The filter cannot be read: %(reason)s.", reason=error)) from error

    def _walk_crowd(self, records, who, behaviour, total, horizon=HORIZON, publish=False):
        """:param publish: they walk the scenario as it is with the changes of this draft"""
        now = clock.now(self.env)
        with dry_world(self.env, now) as env:
            scenario = env["marketing.scenario"].browse(self.id)
            crowd = Crowd(env, scenario._publish() if publish else scenario, behaviour)
            if who == "inside":
                crowd.take_in(records.ids)
            else:
                if who == "recent":
                    crowd.forget_runs(records)
                crowd.enter(env[records._name].browse(records.ids))
            crowd.walk(now + horizon)
            total.add(crowd, len(records))

    def _forecast_told(self, total):
        reasons = dict(self.env["marketing.scenario.trace"]._fields["reason"]._description_selection(self.env))

        def told(counts):
            return [{"reason": reasons.get(code, code), "count": count} for code, count in counts.most_common()]

        return {
            "walked": total.walked,
            "rejected": told(total.rejected),
            "steps": self._forecast_steps(total),
            "messages": [
                {"hour": Datetime.to_string(hour), "type": kind, "count": count}
                for (hour, kind), count in sorted(total.messages.items())
            ],
            "ends": told(total.ends),
            "inside": total.inside,
            "blocked": told(total.blocked),
            "capped": total.capped,
            "complete": total.complete,
        }

    def _forecast_steps(self, total):
        """The tree in reading order, each step with how many came to it and how they left.

        :return: ``[{"id", "name", "icon", "family", "depth", "branch", "came", "ways": [{"code", "label", "count"}]}]``
        """
        told = []
        for step in self.step_ids.sorted("position"):
            ways = total.ways[step.id]
            labels = dict(step._describe().get("outcomes", []))
            skipped = sum(count for (event, _outcome), count in ways.items() if event == "skipped")
            told.append(
                {
                    "id": step.id,
                    "name": step.name,
                    "icon": step.icon,
                    "family": step.family,
                    "depth": step.depth,
                    "branch": step.outcome_label or "",
                    "came": total.entered if not step.parent_id else sum(ways.values()) + total.standing[step.id],
                    "skipped": skipped,
                    "standing": total.standing[step.id],
                    "ways": [
                        {
                            "code": code,
                            "label": label,
                            "count": sum(
                                count
                                for (_event, outcome), count in ways.items()
                                if outcome == code or (outcome == "timeout" and code == "no")
                            ),
                        }
                        for code, label in labels.items()
                    ],
                }
            )
        return told


class Total:
    """What became of all crowds so far."""

    def __init__(self):
        self.walked = self.entered = self.inside = self.capped = self.reached = 0
        self.complete = True
        self.rejected, self.ends, self.blocked, self.messages = Counter(), Counter(), Counter(), Counter()
        self.ways, self.standing = defaultdict(Counter), Counter()

    def add(self, crowd, walked):
        cr = crowd.env.cr
        self.walked += walked
        self.entered += 0 if crowd.inside else walked - len(crowd.rejected)
        self.complete &= crowd.is_complete
        self.capped += len(crowd.capped)
        self.rejected.update(crowd.rejected.values())
        for step_id, event, outcome, reason, count in sql.passages(cr, crowd.last_trace_id):
            if outcome or event in LEAVING:
                self.ways[step_id][event, outcome] += count
            if event == "skipped":
                self.blocked[reason] += count
        for step_id, state, end_reason, _wait_reason, count in sql.places(cr, crowd.inside, crowd.last_run_id):
            if state in LIVE_STATES:
                self.inside += count
                self.standing[step_id] += count
            else:
                self.ends[end_reason] += count
                self.entered -= count if state == CONTROL else 0
        self.reached += sql.reached(cr, crowd.first_message_id)
        for hour, kind, count in sql.messages(cr, crowd.first_message_id):
            self.messages[hour, kind] += count
