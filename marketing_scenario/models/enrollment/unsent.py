"""Messages that do not go whatever the gates say: too late after a stop of the scenario, or sent in this run before."""

from odoo import models

from . import sql


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_gates(self, decisions, enrollments, channel):
        enrollments = super()._pass_gates(decisions, enrollments, channel)
        for reason, unsent in (
            ("overdue", decisions.late),
            ("already_sent", self._already_sent),
        ):
            passing = unsent(enrollments)
            decisions.pass_over(passing, reason)
            enrollments -= passing
        return enrollments

    def _already_sent(self, enrollments):
        """Those who got this message in this run and come to it again without a go-to: the tree was changed (S41)."""
        if not enrollments:
            return enrollments
        sent = sql.already_sent(self.env.cr, enrollments.ids, self.id)
        return enrollments.filtered(lambda enrollment: enrollment.id in sent) if sent else enrollments.browse()
