from odoo import api, models

from . import sql


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @api.model
    def _make_keys_deferrable(self):
        """At each installation and update: Odoo makes foreign keys that cannot wait; those that can, it leaves."""
        sql.make_deferrable(self.env.cr, sql.APART)
