from odoo import fields, models


class EventLeadClosed(models.Model):
    """An opportunity was won, a lead was lost (S14)."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("lead_won", "Opportunity won"), ("lead_lost", "Lead lost")],
        ondelete={"lead_won": "cascade", "lead_lost": "cascade"},
    )

    def _describe_event_lead_won(self):
        return {
            "models": ("crm.lead",),
            "sentence": self.env._("an opportunity is won"),
        }

    def _happened_lead_won(self, model):
        return [("won_status", "=", "won")]

    def _occasions_lead_won(self, enrollment):
        return [{"label": self.env._("an opportunity is won")}]

    def _play_lead_won(self, enrollment, of):
        enrollment._play_opportunity().action_set_won()

    def _describe_event_lead_lost(self):
        return {"models": ("crm.lead",), "sentence": self.env._("a lead is lost")}

    def _occasions_lead_lost(self, enrollment):
        return [{"label": self.env._("the lead is lost")}] if enrollment.lead_id else []

    def _play_lead_lost(self, enrollment, of):
        enrollment.lead_id.action_set_lost()

    def _happened_lead_lost(self, model):
        return [("won_status", "=", "lost"), ("active", "in", (True, False))]
