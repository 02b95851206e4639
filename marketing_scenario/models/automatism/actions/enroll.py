from odoo import api, fields, models


class ActionEnroll(models.Model):
    """Send into a scenario (S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(
        selection_add=[("enroll", "Send into a scenario")], ondelete={"enroll": "cascade"}, default="enroll"
    )
    scenario_id = fields.Many2one(
        "marketing.scenario", ondelete="cascade", help="When taking out: empty means out of all scenarios."
    )

    @api.depends("scenario_id.name")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_enroll(self):
        return {
            "needs": ["scenario_id"],
            "summary": self.env._("send into “%(scenario)s”", scenario=self.scenario_id.name or ""),
        }

    def _run_enroll(self, records):
        automatism = self.automatism_id
        door = automatism._describe_event().get("door", "automatism")
        self.scenario_id._enroll(records, door, origin=automatism.name)
