from collections import defaultdict
from datetime import timedelta

from odoo import fields, models

from ...tools import schedule
from .. import clock

POLL = timedelta(hours=1)  # how often a wait looks again when no event announces its rules
SETTLE = timedelta(days=1)  # how long a condition waits, beyond its own time, for a message that has not left yet


class StepIf(models.Model):
    """IF: two ways, tested on arrival, or as soon as true within a time (S24, R52–R54, Q13)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("if", "IF")], ondelete={"if": "cascade"})
    if_wait_days = fields.Integer("Wait up to (days)", help="Leaves by “yes” as soon as the condition holds.")
    if_wait_hours = fields.Float("Wait up to (hours)")

    _if_wait_not_negative = models.Constraint(
        "CHECK (coalesce(if_wait_days, 0) >= 0 AND coalesce(if_wait_hours, 0) >= 0)",
        "The wait of a condition cannot be negative.",
    )

    def _describe_if(self):
        return {
            "family": "condition",
            "place": 10,
            "reads_path": self._rules_read_path(self.rule_ids),
            "icon": "fa-code-fork",
            "waits": ("no",) if self and self._if_wait() else (),
            "outcomes": [("yes", self.env._("Yes")), ("no", self.env._("No"))],
            "summary": self._if_summary() if self else "",
            "awaits": self._if_awaits() if self else (),
        }

    def _ways_in_words_if(self):
        return {"yes": self._rules_summary()}

    def _if_summary(self):
        summary = self._rules_summary()
        if self._if_wait():
            if any(rule._denies() for rule in self.rule_ids):
                return self.env._("%(rules)s, judged after %(wait)s", rules=summary, wait=self._if_wait())
            return self.env._("%(rules)s, waiting up to %(wait)s", rules=summary, wait=self._if_wait())
        return summary

    def _if_awaits(self):
        """Kinds of event that may end the wait: those that its rules name."""
        return self._rule_events(bool(self._if_wait()))

    def _if_wait(self):
        return schedule.span(self.if_wait_days, self.if_wait_hours)

    def _validate_if(self):
        if not self.rule_ids:
            return [self._issue("no_rule", self.env._("the condition is empty. Add a rule."), field="rule_ids")]
        return [
            self._issue("broken_rule", message, field="rule_ids")
            for rule in self.rule_ids
            for message in rule._validate()
        ]

    def _execute_if(self, decisions, enrollments):
        now, wait = decisions.now, self._if_wait()
        deadlines = decisions.deadlines(enrollments, wait)
        stages = defaultdict(list)
        for i, deadline in deadlines.items():
            stages[deadline > now, deadline + SETTLE > now].append(i)
        for (waiting, patient), ids in stages.items():
            group = enrollments.browse(ids).with_prefetch(enrollments._prefetch_ids)
            matched, unsettled = self._judge_rules(group, waiting, patient)
            decisions.advance(matched, "yes")
            rest = group - matched
            if waiting:
                unsettled, rest = rest, rest.browse()
            ends = {i: deadlines[i] if waiting else deadlines[i] + SETTLE for i in unsettled.ids}
            if waiting and not self._wakes_on_events():
                ends = {i: min(end, now + POLL) for i, end in ends.items()}
            decisions.wait(unsettled, ends, reason="wait_event", deadline=deadlines)
            decisions.advance(rest - unsettled, "timeout" if wait else "no")

    def _moments_anew_if(self, enrollments):
        """Looked at again at once: the rules may have changed as well."""
        now, wait = clock.now(self.env), self._if_wait()
        waiting = enrollments.filtered("wait_until")
        return {run.id: (now, (run.wait_from or run.entered_at) + wait) for run in waiting}

    def _wakes_on_events(self):
        """Whether each rule names the events that can make it true, so that no looking in between is needed."""
        return all(rule._describe().get("events") for rule in self.rule_ids)
