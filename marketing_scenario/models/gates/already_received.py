"""One step never sends the same message twice to one address in one run of one person (S51)."""

from odoo import models

from . import sql


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_once(self, decisions, enrollments, channel):
        """Let those go on unsent who got this very message in the run that another record of theirs had; return the
        others."""
        field = {"email": "marketing_email_normalized", "sms": "marketing_phone"}.get(channel)
        if not field:
            return enrollments
        addresses = {
            enrollment_id: address for target, enrollment_id in enrollments._pairs() if (address := target[field])
        }
        received = enrollments.browse(sql.received_before(self.env.cr, self.id, addresses))
        decisions.pass_over(received, "already_received")
        return enrollments - received
