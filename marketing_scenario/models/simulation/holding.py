"""Records on which a crowd writes are locked, though their runs are not: the engine passes over these people meanwhile,
instead of waiting for each."""

from odoo import models

from ..dry import is_dry
from . import sql


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def write(self, vals):
        self._hold_runs()
        return super().write(vals)

    def _score_changed(self, scores):
        self._hold_runs()
        return super()._score_changed(scores)

    def _hold_runs(self):
        if is_dry(self.env) and self.env.cr.schema and self.ids:
            sql.hold_runs(self.env.cr, self.env.cr.schema, self._marketing_column, self.ids)
