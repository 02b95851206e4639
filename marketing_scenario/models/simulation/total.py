"""What became of many people, counted: of those who walked in dry worlds, or of those who did in reality (S55, S56)."""

import math
from collections import Counter, defaultdict

from odoo.fields import Datetime

from ..enrollment.states import CLOSING_EVENTS, CONTROL, LIVE_STATES
from . import sql

LEAVING = (*CLOSING_EVENTS, "stopped", "error")  # events by which a run is no longer on the step


class Total:
    """Counts of one version of a scenario."""

    def __init__(self):
        self.walked = self.entered = self.inside = self.capped = self.reached = self.gone = 0
        self.complete = True
        self.rejected, self.ends, self.blocked, self.messages = Counter(), Counter(), Counter(), Counter()
        self.ways, self.standing = defaultdict(Counter), Counter()  # by rank of the step in reading order
        self.tree = []

    def add(self, crowd, walked):
        """What became of a crowd of so many people."""
        self.walked += walked
        self.entered += 0 if crowd.inside else walked - len(crowd.rejected)
        self.complete &= crowd.is_complete
        self.capped += len(crowd.capped)
        self.rejected.update(crowd.rejected.values())
        self.count(crowd.env.cr, crowd.scenario, crowd.whose())

    def count(self, cr, scenario, whose):
        """:param whose: ``sql.Whose``"""
        steps = scenario.step_ids.sorted("position")
        self.tree = self.tree or [_told(step) for step in steps]
        # steps that a draft adds have other ids in each dry world
        ranks = {step.id: rank for rank, step in enumerate(steps)}
        for step_id, event, outcome, reason, count in sql.passages(cr, whose):
            if event == "skipped":
                self.blocked[reason] += count
            if outcome or event in LEAVING:
                if step_id in ranks:
                    self.ways[ranks[step_id]][event, outcome] += count
                elif whose.after_run is None:  # of a dry run: another scenario, into which it led
                    self.gone += count
        for step_id, state, end_reason, count in sql.places(cr, whose):
            if state in LIVE_STATES:
                self.inside += count
                self.standing[ranks.get(step_id)] += count
            elif end_reason:
                self.ends[end_reason] += count
                self.entered -= count if state == CONTROL else 0
        self.reached += sql.reached(cr, whose)
        for hour, kind, count in sql.messages(cr, whose):
            self.messages[hour, kind] += count

    def off_by(self, people):
        """How far a share of those who walked can be from that of all these people, in points of percentage, 19 times
        of 20; 0: all of them walked.
        """
        return math.ceil(980 / math.sqrt(self.walked)) / 10 if 0 < self.walked < people else 0

    def told(self, env):
        """As data for the screen: ``walked``; ``rejected``, ``blocked`` and ``ends`` ``[{"reason", "count"}]``;
        ``steps`` (see ``_steps``); ``messages`` ``[{"hour", "type", "count"}]``; ``inside`` (not through at the end);
        ``capped``; ``complete``.
        """
        reasons = dict(env["marketing.scenario.trace"]._fields["reason"]._description_selection(env))

        def told(counts):
            rows = [{"reason": reasons.get(code, code), "count": count} for code, count in counts.items()]
            return sorted(rows, key=lambda row: (-row["count"], row["reason"]))

        return {
            "walked": self.walked,
            "rejected": told(self.rejected),
            "steps": self._steps(),
            "messages": [
                {"hour": Datetime.to_string(hour), "type": kind, "count": count}
                for (hour, kind), count in sorted(self.messages.items())
            ],
            "ends": told(self.ends),
            "inside": self.inside,
            "blocked": told(self.blocked),
            "capped": self.capped,
            "complete": self.complete,
        }

    def _steps(self):
        """The tree in reading order, each step with how many came to it and how they left.

        :return: ``[{"id", "name", "icon", "family", "depth", "branch", "came", "skipped", "standing",
            "ways": [{"code", "label", "count"}]}]``
        """
        steps = []
        for rank, step in enumerate(self.tree):
            ways = self.ways[rank]
            steps.append(
                {
                    **step,
                    "came": sum(ways.values()) + self.standing[rank] if rank else self.entered,
                    "skipped": sum(count for (event, _outcome), count in ways.items() if event == "skipped"),
                    "standing": self.standing[rank],
                    "ways": [{**way, "count": _left_by(ways, way["code"])} for way in step["ways"]],
                }
            )
        return steps


def _told(step):
    return {
        "id": step.id,
        "name": step.name,
        "icon": step.icon,
        "family": step.family,
        "depth": step.depth,
        "branch": step.outcome_label or "",
        "ways": [{"code": code, "label": label} for code, label in step._describe().get("outcomes", [])],
    }


def _left_by(ways, code):
    # a wait that timed out takes the way of "no"
    codes = (code, "timeout") if code == "no" else (code,)
    return sum(count for (_event, outcome), count in ways.items() if outcome in codes)
