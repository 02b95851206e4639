from odoo import fields, models


class EventLeadCreated(models.Model):
    """A lead or an opportunity was created (S14)."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("lead_created", "Lead created")],
        ondelete={"lead_created": "cascade"},
    )
    lead_type = fields.Selection([("lead", "Lead"), ("opportunity", "Opportunity")], help="Empty: both.")

    def _describe_event_lead_created(self):
        kinds = {"lead": self.env._("a lead is created"), "opportunity": self.env._("an opportunity is created")}
        sentence = kinds.get(self.lead_type, self.env._("a lead or an opportunity is created"))
        return {"models": ("crm.lead",), "sentence": sentence}

    def _matches_lead_created(self, events):
        if not self.lead_type:
            return events
        ids = set(
            self.env["crm.lead"].browse(events.mapped("res_id")).filtered_domain([("type", "=", self.lead_type)]).ids
        )
        return events.filtered(lambda event: event.res_id in ids)

    def _occasions_lead_created(self, enrollment):
        return [{"label": self.env._("an opportunity is created")}]

    def _play_lead_created(self, enrollment, of):
        enrollment._play_opportunity()

    def _happened_lead_created(self, model):
        return [("type", "=", self.lead_type)] if self.lead_type else []
