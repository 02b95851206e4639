from odoo import fields, models


class EventAccountStatus(models.Model):
    """The status of an account changed (S5, S14). Payload: ``from``, ``to`` (ids)."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("account_status", "Account status changed")],
        ondelete={"account_status": "cascade"},
    )
    account_status_from_id = fields.Many2one(
        "marketing.account.status", string="From status", ondelete="cascade", help="Empty: any."
    )
    account_status_to_id = fields.Many2one(
        "marketing.account.status", string="To status", ondelete="cascade", help="Empty: any."
    )

    def _describe_event_account_status(self):
        source, target = self.account_status_from_id.name, self.account_status_to_id.name
        if source and target:
            sentence = self.env._(
                "the status of an account goes from “%(before)s” to “%(after)s”", before=source, after=target
            )
        elif target:
            sentence = self.env._("the status of an account becomes “%(status)s”", status=target)
        elif source:
            sentence = self.env._("the status of an account is no longer “%(status)s”", status=source)
        else:
            sentence = self.env._("the status of an account changes")
        about = {"from": self.account_status_from_id.ids, "to": self.account_status_to_id.ids}
        return {"models": ("res.partner",), "about": about, "sentence": sentence}

    def _happened_account_status(self, model):
        if self.account_status_to_id:
            return [("account_status_id", "=", self.account_status_to_id.id)]
        return [("account_status_id", "!=", False)]
