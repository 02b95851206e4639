from datetime import timedelta

from odoo import fields, models

POLL = timedelta(hours=1)  # how often a wait looks again when no event announces its rules


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
            "reads_path": True,
            "icon": "fa-code-fork",
            "outcomes": [("yes", self.env._("Yes")), ("no", self.env._("No"))],
            "summary": self._if_summary() if self else "",
            "awaits": self._if_awaits() if self else (),
        }

    def _if_summary(self):
        summary = self._rules_summary()
        if self._if_wait():
            return self.env._("%(rules)s, waiting up to %(wait)s", rules=summary, wait=self._if_wait())
        return summary

    def _if_awaits(self):
        """Kinds of event that may end the wait: those that its rules name."""
        if not self._if_wait():
            return ()
        return tuple(dict.fromkeys(kind for rule in self.rule_ids for kind in rule._describe().get("events", ())))

    def _if_wait(self):
        return timedelta(days=self.if_wait_days, hours=self.if_wait_hours)

    def _validate_if(self):
        if not self.rule_ids:
            return [self._issue("no_rule", self.env._("the condition is empty. Add a rule."))]
        return [self._issue("broken_rule", message) for rule in self.rule_ids for message in rule._validate()]

    def _execute_if(self, decisions, enrollments):
        matched = self._match_rules(enrollments)
        decisions.advance(matched, "yes")
        rest = enrollments - matched
        wait = self._if_wait()
        if not wait:
            decisions.advance(rest, "no")
            return
        by_deadline = rest.grouped(lambda enrollment: enrollment.wait_until or decisions.now + wait)
        for deadline, waiting in by_deadline.items():
            if deadline <= decisions.now:
                decisions.advance(waiting, "timeout")
            else:
                look_again = deadline if self._wakes_on_events() else min(deadline, decisions.now + POLL)
                decisions.wait(waiting, look_again, reason="wait_event", deadline=deadline)

    def _wakes_on_events(self):
        """Whether each rule names the events that can make it true, so that no looking in between is needed."""
        return all(rule._describe().get("events") for rule in self.rule_ids)
