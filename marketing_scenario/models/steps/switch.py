from collections import defaultdict
from datetime import timedelta

from odoo import fields, models

from .if_ import SETTLE


class StepSwitch(models.Model):
    """Switch: ordered cases, the first that holds wins, otherwise the last way (S24, M-6)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("switch", "Switch")], ondelete={"switch": "cascade"})

    def _describe_switch(self):
        cases = [(case._outcome(), case.name or "") for case in self.case_ids]
        return {
            "family": "condition",
            "place": 20,
            "reads_path": self._rules_read_path(self.case_ids.rule_ids),
            "icon": "fa-sitemap",
            "awaits": self._switch_awaits() if self else (),
            "outcomes": [*cases, ("otherwise", self.env._("Otherwise"))],
            "summary": " / ".join(name for _code, name in cases),
        }

    def _ways_in_words_switch(self):
        return {case._outcome(): case.summary for case in self.case_ids}

    def _validate_switch(self):
        if not self.case_ids:
            return [self._issue("no_case", self.env._("the switch has no case. Add one."), field="case_ids")]
        issues = [
            self._issue(
                "no_rule", self.env._("the case “%(case)s” is empty. Add a rule.", case=case.name), field="case_ids"
            )
            for case in self.case_ids
            if not case.rule_ids
        ]
        return issues + [
            self._issue("broken_rule", message, field="case_ids")
            for rule in self.case_ids.rule_ids
            for message in rule._validate()
        ]

    def _execute_switch(self, decisions, enrollments):
        now = decisions.now
        arrivals = decisions.deadlines(enrollments, timedelta())
        stages = defaultdict(list)
        for i, arrival in arrivals.items():
            stages[arrival + SETTLE > now].append(i)
        for patient, ids in stages.items():
            group = enrollments.browse(ids)
            for case in self.case_ids:
                matched, unsettled = case._judge_rules(group, patient=patient)
                decisions.advance(matched, case._outcome())
                ends = {i: arrivals[i] + SETTLE for i in unsettled.ids}
                decisions.wait(unsettled, ends, reason="wait_event", deadline=arrivals)
                group = group - matched - unsettled
            decisions.advance(group, "otherwise")

    def _switch_awaits(self):
        """Kinds of event after which a message that a case asks about has left."""
        return tuple(dict.fromkeys(kind for case in self.case_ids for kind in case._rule_events(waiting=False)))
