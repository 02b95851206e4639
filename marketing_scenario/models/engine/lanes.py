"""Parallel lanes: several crons call the same method, row locks keep them apart (S45)."""

from odoo import api, models

LANE_CODE = "model._cron_run_due()"
MAX_LANES = 16


class MarketingScenarioEngine(models.AbstractModel):
    _inherit = "marketing.scenario.engine"

    @api.model
    def _lanes(self):
        """The crons that walk enrollments, the first one (which is always woken) first."""
        # sudo: crons are technical records no user of ours may read
        return (
            self.env["ir.cron"]
            .sudo()
            .search([("model_id.model", "=", self._name), ("code", "=", LANE_CODE)], order="id")
        )

    @api.model
    def _set_lane_count(self, count):
        """Have ``count`` lanes (1 to 16): useful with as many cron workers, on one Odoo node or several."""
        lanes = self._lanes()
        count = min(max(count, 1), MAX_LANES)
        lanes[count:].unlink()
        for number in range(len(lanes) + 1, count + 1):
            lanes[0].copy({"name": f"{lanes[0].name} ({number})", "active": True})

    @api.model
    def _call_for_help(self):
        """Wake the other lanes: this one found a full batch, so there may be more work than it can do alone."""
        for lane in self._lanes()[1:]:
            if lane.id != self.env.context.get("cron_id"):
                lane._trigger()
