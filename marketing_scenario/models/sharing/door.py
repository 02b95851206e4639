"""Automations that came with a scenario: off until the scenario is activated, on from then (S14, S18).

They would reject everybody before, and a file of somebody else does nothing before somebody has looked.
"""

from odoo import fields, models


class MarketingAutomatism(models.Model):
    _inherit = "marketing.automatism"

    opens_with_id = fields.Many2one(
        "marketing.scenario",
        "Switched on with",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        help="It came with this scenario, and is switched on when the scenario is activated.",
    )

    def _open_with(self, scenario):
        self.write({"active": False, "opens_with_id": scenario.id})

    def write(self, vals):
        # who switches it on or off has decided
        return super().write(vals if "active" not in vals else {"opens_with_id": False, **vals})


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_activate(self):
        result = super().action_activate()
        self._open_doors()
        return result

    def _open_doors(self):
        active = self.filtered(lambda scenario: scenario.state == "active")
        doors = self.env["marketing.automatism"].with_context(active_test=False)
        doors.search([("opens_with_id", "in", active.ids)]).write({"active": True})
