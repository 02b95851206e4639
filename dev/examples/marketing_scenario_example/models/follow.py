from odoo import fields, models


class ActionFollow(models.Model):
    """An action of automations: the salesperson follows the record."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(selection_add=[("follow", "Let the salesperson follow")], ondelete={"follow": "cascade"})

    def _describe_follow(self):
        return {"summary": self.env._("let the salesperson follow")}

    def _run_follow(self, records):
        for user, own in records.grouped("marketing_user_id").items():
            if user:
                own.message_subscribe(partner_ids=user.partner_id.ids)
