from odoo import api, fields, models


class ActionAccountStatus(models.Model):
    """Set the status of the account (S5, S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(
        selection_add=[("account_status", "Set the account status")], ondelete={"account_status": "cascade"}
    )
    account_status_id = fields.Many2one("marketing.account.status", string="Account status", ondelete="cascade")

    @api.depends("account_status_id.name")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_account_status(self):
        status = self.account_status_id.name or ""
        return {
            "needs": ["account_status_id"],
            "summary": self.env._("set the account status to “%(status)s”", status=status),
        }

    def _run_account_status(self, records):
        partners = records.partner_id if records._name == "crm.lead" else records
        self._allowed(partners.commercial_partner_id).account_status_id = self.account_status_id
