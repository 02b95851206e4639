from odoo import fields, models


class RuleAccountStatus(models.Model):
    """Status of the account (S24, R52): the target's own, its account's, or that of the lead's contact."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(
        selection_add=[("account_status", "Account status")], ondelete={"account_status": "cascade"}
    )
    account_status_ids = fields.Many2many("marketing.account.status", string="Account status")

    def _describe_account_status(self):
        names = self.env._(" or ").join(self.account_status_ids.mapped("name"))
        return {
            "icon": "fa-building-o",
            "events": ["account_status"],
            "summary": self.env._("the account is %(statuses)s", statuses=names),
        }

    def _validate_account_status(self):
        if not self.account_status_ids:
            return [self.env._("a rule has no account status. Choose one.")]
        return []

    def _match_account_status(self, enrollments):
        wanted = ("in", self.account_status_ids.ids)
        paths = {
            "res.partner": "commercial_partner_id.account_status_id",
            "crm.lead": "partner_id.commercial_partner_id.account_status_id",
        }
        return enrollments._having(
            {
                model: records._search_among([(paths[model], *wanted)])
                for model, records in enrollments._targets().items()
            }
        )

    def _play_account_status(self, enrollment):
        person = enrollment.partner_id or enrollment.lead_id.partner_id
        person.commercial_partner_id.account_status_id = self.account_status_ids[:1]
