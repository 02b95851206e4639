"""Forecast: what will happen to many people, before it does (S55)."""

import random
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from .. import clock
from ..target.filters import FILTER_ERRORS, domain_of
from .apart import walk_apart
from .behaviour import Behaviour, known_rates
from .crowd import Crowd
from .total import Total

SAMPLE = 10_000  # more people are represented by as many, chosen at random
CROWD = 10_000  # how many walk in one dry world: what they lock is free again after each
HORIZON = timedelta(days=180)
RECENT = timedelta(days=30)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_forecast(self):
        """Button *Forecast*: beside the tree that is open, as its own button does; else on a page.

        Of a draft of changes it is the forecast of both, of the draft and of what is published.
        """
        action = self._action_outlook("domain")
        return {**action, "tag": "marketing_scenario_open_forecast", "params": {**action["params"], "tree_id": self.id}}

    def _action_outlook(self, who, **asked):
        """:param asked: ``model`` and ``domain``, when it is known whom a filter finds"""
        self.ensure_one()
        scenario = self.original_id or self
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario.forecast",
            "name": self.env._("Forecast of “%(scenario)s”", scenario=scenario.name),
            "params": {"scenario_id": scenario.id, "who": who, "draft": bool(self.original_id), **asked},
        }

    def forecast(self, who, model="res.partner", domain="[]", rates=None, draft=False):
        """Walk many people through this scenario, in any state, as a dry run; nothing is sent or written.

        :param who: ``domain``: those whom a filter finds; ``recent``: those who entered in the last 30 days, as if they
            entered now; ``inside``: those who are in the scenario, from where they stand
        :param model: ``res.partner`` or ``crm.lead``, for ``domain``
        :param domain: filter as the domain widget writes it, read and asked with the user's rights
        :param rates: ``{"opened" | "clicked" | "replied": percent of the mails sent}``; those left out are measured
        :param draft: the scenario as it would be with its unpublished changes
        :return: dict: ``people`` (how many), ``rates``, ``off_by`` (see ``Total.off_by``), and of those who walked what
            ``Total.told`` says
        :raise UserError: unknown model, a filter or a rate that cannot be read, changes that are not there or that
            could not be published
        """
        self._check_one_asked()
        self.check_access("write")
        scenario = self.original_id or self
        walked = scenario._version_asked(draft or self != scenario)
        groups, people = scenario._forecast_groups(who, model, domain)
        known = known_rates(self.env, scenario, rates)
        total = Total()
        for records in groups:
            for ids in split_every(CROWD, records.ids):
                walked._walk_crowd(records.browse(ids), who, known, total)
        return {"people": people, "rates": known, "off_by": total.off_by(people), **total.told(self.env)}

    def _version_asked(self, draft):
        """This scenario, or its draft of changes.

        :raise UserError: there is none
        """
        if draft and not self.draft_id:
            raise UserError(self.env._("“%(name)s” has no unpublished changes.", name=self.name))
        return self.draft_id if draft else self

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
        except FILTER_ERRORS as error:
            raise UserError(self.env._("The filter cannot be read: %(reason)s.", reason=error)) from error

    def _walk_crowd(self, records, who, rates, total, horizon=HORIZON):
        """Let a crowd walk this scenario, or the published one as it would be with this draft of changes."""
        now = clock.now(self.env)
        scenario = self.original_id or self
        refs = self._step_refs()

        def walk(env):
            walked = self._in_dry_world(env)
            part = Total(walked._steps_in_order(), refs)
            crowd = Crowd(env, walked, Behaviour(scenario.id, rates))
            if who == "inside":
                crowd.take_in(records.ids)
            else:
                if who == "recent":
                    crowd.forget_runs(records)
                crowd.enter(env[records._name].browse(records.ids))
            crowd.walk(now + horizon)
            part.add(crowd, len(records))
            return part

        total.merge(walk_apart(self.env, now, records, walk))

    def _steps_in_order(self):
        return self.step_ids.sorted("position")

    def _step_refs(self):
        return [step._ref() for step in self._steps_in_order()]

    def _in_dry_world(self, env):
        """:raise UserError: the changes could not be published"""
        scenario = env["marketing.scenario"].browse(self.id)
        return scenario._publish() if scenario.original_id else scenario


class MarketingScenarioQuery(models.Model):
    _inherit = "marketing.scenario.query"

    def action_forecast(self):
        """Open the forecast for those whom this query finds."""
        return self.scenario_id._action_outlook("domain", model=self.model_name, domain=self.domain)
