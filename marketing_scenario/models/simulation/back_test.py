"""Back-test: what this scenario would have made of people who really were in it (S56)."""

import random
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import clock
from ..enrollment.states import CONTROL
from . import sql
from .apart import walk_apart
from .crowd import Crowd
from .past import Happened, Past
from .total import Total

SAMPLE = 1_000  # more runs are represented by as many, chosen at random
# the time from the first entry until now is cut into so many pieces: what falls into one happens at its end
LOOKS = 1_000
SHORTEST = timedelta(minutes=1)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_back_test(self):
        """Open the back-test of this scenario; of a draft of changes, with them."""
        return self._action_outlook("past")

    def back_test(self, begin, end, draft=False):
        """Let those who entered in a past period walk again as a dry run, with what they really did, until now.

        Forms, opens, clicks, answers, deals, points, other scenarios and who left happen at their moments; what people
        did with a message happens as long after it as it did then.

        :param begin: first moment of the entries, naive UTC, as text
        :param end: the entries before this moment
        :param draft: the scenario as it would be with its unpublished changes
        :return: dict: ``people`` (runs of the period), ``walked`` (how many of them, by chance), ``off_by`` (see
            ``Total.off_by``), ``same`` (how many took the same way as in reality), ``test`` and ``really`` (see
            ``Total.told``), ``unknown``: sentences
        :raise UserError: a moment that cannot be read, a period that is none or lies ahead, nobody entered
        """
        self._check_one_asked()
        self.check_access("write")
        scenario = self.original_id or self
        version = scenario._version_asked(draft or self != scenario)
        runs, people, held_out = scenario._runs_of_period(*self._period_asked(begin, end))
        since = min(runs.mapped("entered_at")) - SHORTEST
        until = clock.now(self.env)
        refs = version._step_refs()

        def walk(env):
            walked = version._in_dry_world(env)
            really, test = (Total(walked._steps_in_order(), refs) for _which in range(2))
            with_past = sql.Whose(tuple(runs.ids))
            really.walked = really.entered = len(runs)
            really.count(env.cr, with_past)
            real_ways = sql.ways(env.cr, with_past)
            replay = Replay(env, walked, env[runs._name].browse(runs.ids), since, until)
            replay.walk(until)
            test.add(replay, len(runs))
            test.entered = len(runs) - len(replay.rejected)
            ways = sql.ways(env.cr, replay.whose())
            return {
                "same": sum(ways.get(i) == real_ways.get(i) for i in runs.ids),
                "off_by": test.off_by(people),
                "test": test.told(self.env),
                "really": really.told(self.env),
                "unknown": [*version._unknown_in_past(env, walked, replay, really)],
            }

        told = walk_apart(self.env, since, runs, walk)
        if held_out:
            told["unknown"].append(
                self.env._("Control group: %(count)s people were held out, and are here.", count=held_out)
            )
        return {"people": people, "walked": len(runs), **told}

    def _period_asked(self, begin, end):
        """:raise UserError: see ``back_test``"""
        begin, end = self._moment_read(begin), self._moment_read(end)
        if begin >= end:
            raise UserError(self.env._("The period must begin before it ends."))
        return begin, end

    def _runs_of_period(self, begin, end):
        """``(runs that entered then and whose record is still there, how many, how many were held out)``."""
        # sudo: figures only, of all who entered, as those of the canvas are
        runs = self.env["marketing.scenario.enrollment"].sudo()
        period = (
            Domain("scenario_id", "=", self.id) & Domain("entered_at", ">=", begin) & Domain("entered_at", "<", end)
        )
        held_out = runs.search_count(period & Domain("state", "=", CONTROL))
        there = Domain("partner_id", "!=", False) | Domain("lead_id", "!=", False)
        found = runs.search(period & there & Domain("state", "!=", CONTROL), order="entered_at, id")
        if not found:
            raise UserError(self.env._("Nobody entered “%(name)s” in this period. Choose another.", name=self.name))
        if len(found) > SAMPLE:
            chosen = random.Random(self.id).sample(found.ids, SAMPLE)  # noqa: S311 no secret
            return found.browse(sorted(chosen)), len(found), held_out
        return found, len(found), held_out

    def _unknown_in_past(self, env, walked, replay, really):
        """Sentences: what nobody can know of the past, and what was taken instead."""
        if unknown := replay.behaviour.unknown:
            yield self.env._(
                "%(count)s messages of this test were never sent to these people: what they would have done with them"
                " is not known. They do nothing.",
                count=unknown,
            )
        if unknown := replay.behaviour.unknown_links:
            yield self.env._(
                "Of %(count)s clicks it was not kept on which link: the first one of the mail is taken.", count=unknown
            )
        rules = walked.step_ids.rule_ids | walked.step_ids.case_ids.rule_ids
        for rule in rules.filtered(lambda rule: not rule._describe().get("is_dated")):
            yield self.env._(
                "“%(step)s” asks: %(rule)s. Since when that is so was not kept; it is answered by what is known today.",
                step=rule.owner_step_id.name,
                rule=rule.with_env(env).summary,
            )
        if replay.past.undated_opt_outs:
            yield self.env._(
                "When %(count)s opt-outs and invalid addresses came was not kept: they come right after the last"
                " message that person got.",
                count=replay.past.undated_opt_outs,
            )
        if really.gone:
            yield self.env._(
                "%(count)s passages in reality were on steps that are no longer there; the ways do not show them.",
                count=really.gone,
            )
        yield self.env._("Names, addresses, owners and all other values of the records are those of today.")
        if replay.slot > SHORTEST:
            yield self.env._(
                "What happened within %(minutes)s minutes happens at once, at the end of them.",
                minutes=round(replay.slot / SHORTEST),
            )


class Replay(Crowd):
    """People who were in a scenario, and walk again."""

    def __init__(self, env, scenario, runs, since, until):
        entries = {run.id: run.entered_at for run in runs}
        self.past = Past(env, scenario, runs, since)
        super().__init__(env, scenario, Happened(env.cr, self.past.messages))
        self.first, self.until = min(entries.values()), until
        self.slot = max((until - self.first) / LOOKS, SHORTEST)
        self.entries = sorted((moment, run_id) for run_id, moment in entries.items())
        self.take_in(runs.ids)

    def _next_at(self):
        moments = [super()._next_at(), self.past.next_at(), self.entries[0][0] if self.entries else None]
        moment = min(filter(None, moments), default=None)
        if not moment or moment > self.until:
            return moment
        # as an engine that looks every so often
        return min(self.first + self.slot * -((self.first - moment) // self.slot), self.until)

    def _react(self):
        self._is_due_known = False  # whatever happened then may end a run, or begin one
        result = super()._react()
        now = clock.now(self.env)
        if concerned := self.past.due(now):
            self.env["marketing.scenario.enrollment"].browse(concerned)._look_again()
        entering = []
        while self.entries and self.entries[0][0] <= now:
            entering.append(self.entries.pop(0)[1])
        if entering:
            self.rejected |= dict.fromkeys(self.past.begin(entering), "already_inside")
        return result
