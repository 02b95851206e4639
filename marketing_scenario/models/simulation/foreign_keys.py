from odoo import api, models

from . import sql

WRITTEN_MOST = ("marketing_scenario_enrollment", "marketing_scenario_trace", "mailing_trace")


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @api.model
    def _make_keys_deferrable(self):
        """At each installation and update: Odoo makes foreign keys that cannot wait; those that can, it leaves."""
        sql.make_deferrable(self.env.cr, WRITTEN_MOST)
