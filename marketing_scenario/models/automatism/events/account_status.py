from odoo import fields, models

from ..occasions import RECORD


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

    def _occasions_account_status(self, enrollment):
        if not (enrollment.partner_id or enrollment.lead_id.partner_id):
            return []
        label = self.env._("the status of the account becomes")
        return [{"label": label, "asks": RECORD, "model": "marketing.account.status"}]

    def _play_account_status(self, enrollment, of):
        person = enrollment.partner_id or enrollment.lead_id.partner_id
        person.commercial_partner_id.account_status_id = of

    def _happened_account_status(self, model):
        if self.account_status_to_id:
            return [("account_status_id", "=", self.account_status_to_id.id)]
        return [("account_status_id", "!=", False)]
