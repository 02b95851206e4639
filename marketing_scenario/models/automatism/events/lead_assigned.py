from odoo import fields, models

from ..occasions import RECORD


class EventLeadAssigned(models.Model):
    """A lead was given to a salesperson (S14). Payload: ``from``, ``to`` (ids)."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("lead_assigned", "Lead assigned")],
        ondelete={"lead_assigned": "cascade"},
    )
    lead_user_id = fields.Many2one("res.users", string="Assigned to", ondelete="cascade", help="Empty: any user.")

    def _describe_event_lead_assigned(self):
        user = self.lead_user_id.name
        assigned = self.env._("a lead is assigned to %(user)s", user=user) if user else ""
        return {
            "models": ("crm.lead",),
            "about": {"to": self.lead_user_id.ids},
            "sentence": assigned or self.env._("a lead is assigned"),
        }

    def _occasions_lead_assigned(self, enrollment):
        if not enrollment.lead_id:
            return []
        return [{"label": self.env._("the lead is assigned to"), "asks": RECORD, "model": "res.users"}]

    def _play_lead_assigned(self, enrollment, of):
        enrollment.lead_id.user_id = of

    def _happened_lead_assigned(self, model):
        return [("user_id", "=", self.lead_user_id.id)] if self.lead_user_id else [("user_id", "!=", False)]
