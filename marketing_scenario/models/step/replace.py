"""Another type for a step that stands (R33): its place, its label and what can hang on it stay."""

from odoo import models
from odoo.exceptions import UserError

# In the context of a write: the server replaces the type. Nobody outside the server can say so.
REPLACING = object()


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _ways_after_replacing(self, step_type, first=None):
        """Where the steps that follow this one go when it becomes a ``step_type``.

        A way out that the new type has as well stays; the others take the ways that are free, in order.

        :param first: the following step that takes a free way before the others
        :return: ``{following step: way out, or False}``; False: there is no way for it, it goes with all below it
        """
        self.ensure_one()
        codes = self.new({"step_type": step_type})._outcome_codes()
        following = self.child_ids.sorted("position")
        ways = {step: step.outcome for step in following if step.outcome in codes}
        free = [code for code in codes if code not in ways.values()]
        for step in (following - self.browse([step.id for step in ways])).sorted(lambda step: step != first):
            ways[step] = free.pop(0) if free else False
        return ways

    def _lost_by_replacing(self, step_type, first=None):
        """The steps that go when this one becomes a ``step_type``, with all below them."""
        ways = self._ways_after_replacing(step_type, first)
        return self.browse([step.id for step, way in ways.items() if not way])._with_descendants()

    def _barred_from_replacing(self, step_type, first=None):
        """Why this step cannot become a ``step_type`` yet, as sentences that name the remedy."""
        reasons = self._lost_by_replacing(step_type, first)._kept_by()
        if self._describe().get("channel") != self._describe(step_type).get("channel"):
            reasons += self._asked_about()
        return reasons

    def _asked_about(self):
        """Hook: what asks about the message of these steps, as sentences that name the remedy."""
        return []

    def _replace(self, step_type, first=None):
        """Make this step a ``step_type``: the settings of its old type are forgotten, nobody may stand on what goes.

        :param first: see ``_ways_after_replacing``
        :raise UserError: it is the Start, or other steps need what would go
        """
        self.ensure_one()
        if not self.parent_id:
            raise UserError(self.env._("The Start step cannot be replaced: a scenario begins with it."))
        self.scenario_id._claim_trees()
        if reasons := self._barred_from_replacing(step_type, first):
            raise UserError("\n".join(reasons))
        ways = self._ways_after_replacing(step_type, first)
        lost = self._lost_by_replacing(step_type, first)
        moved = [step for step, way in ways.items() if way and way != step.outcome]
        for step in moved:
            step._step_aside()
        lost.with_context(marketing_editing=True).unlink()
        self.case_ids.unlink()
        self.rule_ids.unlink()
        self.with_context(marketing_replacing=REPLACING).write({"step_type": step_type, **self._forgotten_settings()})
        for step in moved:
            step.write({"outcome": ways[step]})
        self.flush_recordset()
        self.scenario_id._number_steps()
        self.scenario_id._keep_closed()

    def _forgotten_settings(self):
        """Hook: values to write on a step whose type is replaced."""
        return {}

    def action_replace(self):
        """Row button: another type, same place and label; asks what becomes of the people and of what hangs on it."""
        self.ensure_one()
        if not self.parent_id:
            raise UserError(self.env._("The Start step cannot be replaced: a scenario begins with it."))
        return self._action_step_dialog(
            "marketing.scenario.step.replace", self.env._("Replace “%(step)s”", step=self.name)
        )
