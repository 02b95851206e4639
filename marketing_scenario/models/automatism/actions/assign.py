from odoo import api, fields, models


class ActionAssign(models.Model):
    """Assign a salesperson (S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(selection_add=[("assign", "Assign a user")], ondelete={"assign": "cascade"})
    assign_user_id = fields.Many2one("res.users", string="User", ondelete="cascade")

    @api.depends("assign_user_id.name")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_assign(self):
        return {
            "needs": ["assign_user_id"],
            "summary": self.env._("assign %(user)s", user=self.assign_user_id.name or ""),
        }

    def _run_assign(self, records):
        records.filtered(lambda record: record.user_id != self.assign_user_id).user_id = self.assign_user_id
