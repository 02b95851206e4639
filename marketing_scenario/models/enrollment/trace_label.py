"""How a trace reads on the screens: what happened, and what became of its message."""

from odoo import api, fields, models

ENTERED = ("entered", "held_out")
TONES = {
    "skipped": "warning",
    "retry": "warning",
    "error": "danger",
    "stopped": "warning",
    "end": "success",
    "goal": "success",
}


class MarketingScenarioTrace(models.Model):
    _inherit = "marketing.scenario.trace"

    outcome_label = fields.Char("What happened", compute="_compute_outcome_label")
    details = fields.Text(compute="_compute_details")
    # compute_sudo: salespeople may not read Odoo's mailing traces, but may know what became of a message to a record
    # they see (the trace itself is ruled by its enrollment)
    message_subject = fields.Char("Subject", compute="_compute_message_status", compute_sudo=True)
    message_status = fields.Char(compute="_compute_message_status", compute_sudo=True)
    message_opened_at = fields.Datetime("Opened on", compute="_compute_message_status", compute_sudo=True)
    message_clicked_at = fields.Datetime("Clicked on", compute="_compute_message_status", compute_sudo=True)

    @api.depends("event", "outcome", "step_id", "mailing_trace_id")
    @api.depends_context("lang")
    def _compute_outcome_label(self):
        events = self._event_labels()
        general = {"next": self.env._("Done"), "timeout": self.env._("Waited long enough")}
        for trace in self:
            ways = dict(trace.step_id._describe().get("outcomes", [])) if trace.step_id else {}
            if trace.event:
                trace.outcome_label = events.get(trace.event, trace.event)
            elif trace.mailing_trace_id:
                trace.outcome_label = self.env._("Sent")
            else:
                trace.outcome_label = general.get(trace.outcome) or ways.get(trace.outcome) or trace.outcome

    @api.depends("event", "message", "enrollment_id.door", "enrollment_id.entered_by_id")
    @api.depends_context("lang")
    def _compute_details(self):
        """Of an entry: by which door, from where and by whom, in the language of who reads."""
        doors = dict(self.enrollment_id._fields["door"]._description_selection(self.env))
        for trace in self:
            parts = [trace.message]
            if trace.event in ENTERED:
                run = trace.enrollment_id
                # sudo: the name of a colleague
                parts = [doors.get(run.door), trace.message, run.entered_by_id.sudo().name]
            trace.details = " · ".join(filter(None, parts))

    def _event_labels(self):
        return {
            "entered": self.env._("Entered"),
            "held_out": self.env._("Held out for comparison"),
            "skipped": self.env._("Skipped"),
            "retry": self.env._("Will be tried again"),
            "error": self.env._("Error"),
            "goal": self.env._("Goal reached"),
            "goto": self.env._("Sent to another step"),
            "end": self.env._("Ended"),
            "stopped": self.env._("Left the scenario"),
            "paused": self.env._("Put on hold"),
            "resumed": self.env._("Resumed"),
            "moved": self.env._("Moved to a step"),
            "rescheduled": self.env._("Next moment changed"),
            "again": self.env._("May get it again"),
            "put_back": self.env._("Returned to its step"),
            "not_put_back": self.env._("Not put back"),
            "cancelled": self.env._("Activity cancelled"),
            "inherited": self.env._("Taken over in a merge"),
        }

    @api.depends("mailing_trace_id.trace_status", "mailing_trace_id.open_datetime")
    @api.depends_context("lang")
    def _compute_message_status(self):
        for trace in self:
            message = trace.mailing_trace_id
            trace.message_subject = message.mass_mailing_id.subject
            trace.message_status = message._marketing_status_label() if message else False
            trace.message_opened_at = message._marketing_opened_at()
            trace.message_clicked_at = message.links_click_datetime

    def action_open_run(self):
        """The run on whose path this is."""
        self.ensure_one()
        return self.enrollment_id.action_open()

    def _timeline_row(self):
        """This trace as a row of the timeline widget."""
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        return {
            "at": fields.Datetime.to_string(self.at),
            "step": self.step_id.name or self.env._("Deleted step"),
            "family": self.step_id.family or "edge",
            "icon": self.step_id.icon or "",
            "outcome": self.outcome_label,
            "tone": TONES.get(self.event, ""),
            "reason": reasons.get(self.reason, ""),
            "message": self.details or "",
            "subject": self.message_subject or "",
            "status": self.message_status or "",
            "opened_at": fields.Datetime.to_string(self.message_opened_at) if self.message_opened_at else "",
            "clicked_at": fields.Datetime.to_string(self.message_clicked_at) if self.message_clicked_at else "",
        }
