"""What a condition answers for one run, rule by rule, and how a rule is made to come true (S39)."""

import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _explain(self, enrollment):
        """The conditions of this step with their answers for one run; nothing for a step without rules.

        :return: ``[{"name", "combine", "rules": [{"id", "text", "holds", "playable"}]}]``; ``holds`` is None for a rule
            that cannot be judged
        """
        holders = [("", self)] if self.rule_ids else [(case.name, case) for case in self.case_ids]
        return [
            {
                "name": name,
                "combine": holder.rule_combine,
                "rules": [rule._explained(enrollment) for rule in holder.rule_ids],
            }
            for name, holder in holders
        ]


class MarketingScenarioRule(models.Model):
    _inherit = "marketing.scenario.rule"

    def _explained(self, enrollment):
        try:
            with self.env.cr.savepoint():
                holds = bool(self._match(enrollment))
        except Exception:  # noqa: BLE001 a rule that fails is told as such, the others are still judged
            _logger.info("Rule %s cannot be judged", self.id, exc_info=True)
            holds = None
        playable = self._is_playable() and not holds
        return {"id": self.id, "text": self.summary, "holds": holds, "playable": playable}

    def _is_playable(self):
        """Whether its kind says, as ``_play_<kind>(enrollment)``, how what it asks about comes about.

        That something has not happened cannot be made to happen.
        """
        return hasattr(self, f"_play_{self.kind}") and not self._denies()

    def _play(self, enrollment):
        """Let what this rule asks about happen to the target of one run, as by their own doing."""
        getattr(self, f"_play_{self.kind}")(enrollment)

    def _played_trace(self, traces, enrollment):
        """:raise UserError: the message that the rule looks at was not sent"""
        trace = traces.get(enrollment.id)
        if not trace:
            raise UserError(self.env._("No message was sent yet that this could be done with."))
        return trace
