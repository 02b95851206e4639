from odoo import api, fields, models


class EventMeeting(models.Model):
    """A kind of event: a meeting with a contact was planned. Payload: ``meeting_id``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("meeting_planned", "Meeting planned")], ondelete={"meeting_planned": "cascade"}
    )

    def _describe_event_meeting_planned(self):
        return {"models": ("res.partner",), "sentence": self.env._("a meeting is planned")}

    def _happened_meeting_planned(self, model):
        return [("meeting_ids", "!=", False)]


class CalendarEvent(models.Model):
    """Who causes the event notes it, in the same transaction: one INSERT, and none while no one listens."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        for meeting in meetings:
            people = meeting.partner_ids - self.env.user.partner_id
            self.env["marketing.automatism.event"]._note("meeting_planned", people, {"meeting_id": meeting.id})
        return meetings
