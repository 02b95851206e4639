"""Circles of scenarios that launch each other: without a wait they would turn for ever (S26)."""

from odoo import models


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _launched_at_once(self):
        """Scenarios that people leaving by this step can come to without ever waiting."""
        reached = self.env["marketing.scenario"]
        coming = self
        while coming:
            scenarios = coming.filtered(lambda step: not step._waits_before()).scenario_launched_id - reached
            reached |= scenarios
            coming = self.search([("scenario_id", "in", scenarios.ids), ("step_type", "=", "scenario")])
        return reached

    def _waits_before(self):
        """Whether everybody coming to this step has waited somewhere on the way from Start."""
        step = self.parent_id
        while step and not step._describe().get("waits"):
            step = step.parent_id
        return bool(step)
