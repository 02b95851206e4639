from odoo import fields, models

from ...enrollment.states import LIVE_STATES


class ActionTakeOut(models.Model):
    """Take out of one scenario, or of all (S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(selection_add=[("take_out", "Take out of scenarios")], ondelete={"take_out": "cascade"})

    def _describe_take_out(self):
        if self.scenario_id:
            return {"summary": self.env._("take out of “%(scenario)s”", scenario=self.scenario_id.name)}
        return {"summary": self.env._("take out of all scenarios")}

    def _run_take_out(self, records):
        domain = [(records._marketing_column, "in", records.ids), ("state", "in", LIVE_STATES)]
        if self.scenario_id:
            domain.append(("scenario_id", "=", self.scenario_id.id))
        self.env["marketing.scenario.enrollment"].search(domain)._stop("automatism", self.automatism_id.name)
