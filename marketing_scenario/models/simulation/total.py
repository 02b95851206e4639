"""What became of many people, counted: of those who walked in dry worlds, or of those who did in reality (S55, S56).

With each figure go the people behind it, ``MOST_PEOPLE`` of them at most: ids only, in the answer only. To ask again
for them, when somebody wants to see them, would be to walk again; to store them would be to keep what nobody may ever
ask.
"""

import math
from collections import Counter, defaultdict

from odoo.fields import Datetime

from ..enrollment.states import CLOSING_EVENTS, CONTROL, LIVE_STATES
from . import sql

LEAVING = (*CLOSING_EVENTS, "stopped", "error")  # events by which a run is no longer on the step
MOST_PEOPLE = 500  # behind one figure


class Total:
    """Counts of one version of a scenario. Steps are known by their rank in reading order."""

    def __init__(self, steps=(), refs=()):
        """:param steps: of the dry world, in reading order
        :param refs: what each is known by outside: those that a draft adds have other ids in each dry world
        """
        self.ranks = {step.id: rank for rank, step in enumerate(steps)}
        self.tree = [_told(step, ref) for step, ref in zip(steps, refs, strict=True)]
        self.walked = self.entered = self.inside = self.reached = self.gone = 0
        self.complete = True
        self.figures, self.messages = Counter(), Counter()  # figure, as a tuple → how many
        self.who = defaultdict(dict)  # figure → {(model, id): True}

    def add(self, crowd, walked):
        """What became of a crowd of so many people."""
        self.walked += walked
        self.entered += 0 if crowd.inside else walked - len(crowd.rejected)
        self.complete &= crowd.is_complete
        self.figures["capped",] += len(crowd.capped)
        told = {("capped",): crowd.capped}
        for record_id, reason in crowd.rejected.items():
            self.figures["rejected", reason] += 1
            if crowd.model:
                self._note("rejected", reason, people=[(crowd.model, record_id)])
            else:
                told.setdefault(("rejected", reason), []).append(record_id)  # of a run
        self.count(crowd.env.cr, crowd.whose(), told)

    def merge(self, other):
        """What became of others, too."""
        self.complete &= other.complete
        self.tree = self.tree or other.tree
        for name in ("walked", "entered", "inside", "reached", "gone"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.figures.update(other.figures)
        self.messages.update(other.messages)
        for figure, people in other.who.items():
            self._note(*figure, people=people)

    def count(self, cr, whose, told=None):
        """:param whose: ``sql.Whose``
        :param told: ``{figure: ids of runs}`` of what is counted already
        """
        runs = defaultdict(list)  # figure → ids of runs
        runs.update(told or {})
        for step_id, event, outcome, reason, count, run_ids in sql.passages(cr, whose, MOST_PEOPLE):
            rank = self.ranks.get(step_id)
            if rank is None and whose.after_run is None and (outcome or event in LEAVING):
                self.gone += count  # of a dry run: another scenario, into which it led
            for figure in _figures_of(rank, event, outcome, reason):
                self.figures[figure] += count
                runs[figure] += run_ids
        for step_id, state, end_reason, count, run_ids in sql.places(cr, whose, MOST_PEOPLE):
            if state in LIVE_STATES:
                self.inside += count
                figures = [("inside",), ("standing", self.ranks.get(step_id))]
            else:
                figures = [("ends", end_reason)] if end_reason else []
                self.entered -= count if state == CONTROL else 0
            for figure in figures:
                self.figures[figure] += count
                runs[figure] += run_ids
        self.reached += sql.reached(cr, whose)
        for hour, kind, count in sql.messages(cr, whose):
            self.messages[hour, kind] += count
        targets = sql.targets_of(cr, {run_id for ids in runs.values() for run_id in ids})
        for figure, ids in runs.items():
            self._note(*figure, people=[targets[run_id] for run_id in ids if run_id in targets])

    def _note(self, *figure, people):
        """Some of the people behind a figure."""
        known = self.who[figure]
        for one in people:
            if len(known) == MOST_PEOPLE:
                break
            known[one] = True

    def off_by(self, people):
        """How far a share of those who walked can be from that of all these people, in points of percentage, 19 times
        of 20; 0: all of them walked.
        """
        return math.ceil(980 / math.sqrt(self.walked)) / 10 if 0 < self.walked < people else 0

    def told(self, env):
        """As data for the screen: ``walked``; ``rejected``, ``blocked`` and ``ends`` (``[figure with "reason"]``);
        ``steps`` (see ``_steps``); ``messages`` ``[{"hour", "type", "count"}]``; figures ``inside`` (not through at the
        end) and ``capped``; ``complete``.

        A figure is ``{"count", "who": {model: ids}}``.
        """
        reasons = dict(env["marketing.scenario.trace"]._fields["reason"]._description_selection(env))
        return {
            "walked": self.walked,
            "rejected": self._reasons(reasons, "rejected"),
            "steps": [self._step(reasons, rank, step) for rank, step in enumerate(self.tree)],
            "messages": [
                {"hour": Datetime.to_string(hour), "type": kind, "count": count}
                for (hour, kind), count in sorted(self.messages.items())
            ],
            "ends": self._reasons(reasons, "ends"),
            "inside": self._figure(("inside",)),
            "blocked": self._reasons(reasons, "blocked"),
            "capped": self._figure(("capped",)),
            "complete": self.complete,
        }

    def _figure(self, *figures):
        """The sum of some figures, and their people."""
        who = {}
        people = dict.fromkeys(one for figure in figures for one in self.who[figure])
        for model, record_id in sorted(list(people)[:MOST_PEOPLE]):
            who.setdefault(model, []).append(record_id)
        return {"count": sum(self.figures[figure] for figure in figures), "who": who}

    def _reasons(self, reasons, *begin):
        """The figures that begin so and end with a reason, those of most first."""
        rows = [
            {"reason": reasons.get(figure[-1], figure[-1]), **self._figure(figure)}
            for figure in list(self.figures)
            if figure[:-1] == begin and self.figures[figure]
        ]
        return sorted(rows, key=lambda row: (-row["count"], row["reason"] or ""))

    def _step(self, reasons, rank, step):
        """A step of the tree, with how many came to it and how they left.

        :return: figures ``{"came", "skipped", "standing", "jumped"}``, ``"ended"`` (``[figure with "reason"]``), and
            ``{"ref", "name", "icon", "family", "depth", "branch", "ways": [figure with "code" and "label"]}``
        """
        came = self._figure(("left", rank), ("standing", rank))
        ways = [{**way, **self._figure(("way", rank, way["code"]))} for way in step["ways"]]
        if not rank:  # Start, which nobody leaves a trace of: they are met behind it
            entered = {"count": self.entered, "who": self._figure(("left", 1))["who"] if self.entered else {}}
            came, ways = entered, [{**way, **entered} for way in ways]
        return {
            **step,
            "came": came,
            "skipped": self._figure(("skipped", rank)),
            "standing": self._figure(("standing", rank)),
            "jumped": self._figure(*(figure for figure in list(self.figures) if figure[:2] == ("jumped", rank))),
            "ended": self._reasons(reasons, "ended", rank),
            "ways": ways,
        }


def _figures_of(rank, event, outcome, reason):
    """In which figures a trace of this kind counts."""
    if event == "skipped":
        yield from (("blocked", reason), ("skipped", rank))
    if rank is not None and (outcome or event in LEAVING):
        yield "left", rank
        if outcome:
            yield "way", rank, "no" if outcome == "timeout" else outcome
        else:
            yield "jumped" if event == "goto" else "ended", rank, reason


def _told(step, ref):
    return {
        "ref": ref,
        "name": step.name,
        "icon": step.icon,
        "family": step.family,
        "depth": step.depth,
        "branch": step.outcome_label or "",
        "ways": [{"code": code, "label": label} for code, label in step._describe().get("outcomes", [])],
    }
