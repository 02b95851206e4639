from odoo import api, models

from ..dry import is_dry
from . import sql


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @api.model
    def _make_keys_deferrable(self):
        """At each installation and update: Odoo makes foreign keys that cannot wait; those that can, it leaves."""
        sql.make_deferrable(self.env.cr, sql.APART)


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def unlink(self):
        """Runs that are apart in the dry run of a crowd are out of reach of foreign keys."""
        result = super().unlink()
        if is_dry(self.env) and self.env.cr.apart:
            sql.forget_targets(self.env.cr, self._marketing_column, self.ids)
            self.env["marketing.scenario.enrollment"].invalidate_model([self._marketing_column])
        return result
