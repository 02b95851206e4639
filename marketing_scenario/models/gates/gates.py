"""The gates before a message, in the order in which they are passed (S29–S36)."""

from odoo import models


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_gates(self, decisions, enrollments, channel):
        enrollments = super()._pass_gates(decisions, enrollments, channel)
        for gate in (self._pass_bounce_guard, self._pass_window, self._pass_consent, self._pass_once, self._pass_cap):
            enrollments = gate(decisions, enrollments, channel)
        return enrollments
