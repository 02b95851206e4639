from odoo import api, fields, models

from ...tools.words import quoted
from .previous_message import SETTLES

STATUSES = ("sent", "delivered", "clicked", "bounced", "error", "blocked")


def sms_facts(trace):
    """Statuses of one SMS, several at once (S24)."""
    status = trace.trace_status
    facts = {
        "sent": status in ("pending", "sent", "open", "reply"),
        "delivered": status in ("sent", "open", "reply"),
        "clicked": bool(trace.links_click_datetime),
        "bounced": status == "bounce",
        "error": status == "error",
        "blocked": status == "cancel",
    }
    return {name for name, holds in facts.items() if holds}


class RuleSmsStatus(models.Model):
    """What became of an SMS of this run: has one of, or none of, the ticked statuses (S24)."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("sms_status", "SMS status")], ondelete={"sms_status": "cascade"})
    sms_step_id = fields.Many2one(
        "marketing.scenario.step", "SMS", ondelete="set null", help="Empty: the last SMS sent before this condition."
    )
    sms_step_ids = fields.Many2many("marketing.scenario.step", compute="_compute_sms_step_ids")
    sms_status_operator = fields.Selection(
        [("=", "has one of"), ("<>", "has none of")],
        "SMS operator",
        default="=",
        required=True,
        help="An SMS that is still in the queue is waited for, one day at most, before the condition answers.",
    )
    sms_is_sent = fields.Boolean("SMS sent")
    sms_is_delivered = fields.Boolean("SMS delivered")
    sms_is_clicked = fields.Boolean("SMS clicked")
    sms_is_bounced = fields.Boolean("SMS bounced")
    sms_is_error = fields.Boolean("SMS error")
    sms_is_blocked = fields.Boolean("SMS blocked", help="It could not go: no consent, no mobile number …")

    @api.model
    def _asked_step_fields(self):
        return [*super()._asked_step_fields(), "sms_step_id"]

    @api.depends("scenario_id")
    def _compute_sms_step_ids(self):
        for rule in self:
            rule.sms_step_ids = rule._message_steps("sms")

    def _describe_sms_status(self):
        labels = {status: self._fields[f"sms_is_{status}"]._description_string(self.env) for status in STATUSES}
        return {
            "icon": "fa-mobile",
            "events": ("link_clicked", *SETTLES),
            "settles": SETTLES,
            "denies": self.sms_status_operator == "<>",
            "summary": self.env._(
                "%(sms)s %(operator)s %(statuses)s",
                sms=quoted(self.env, self.sms_step_id.name) if self.sms_step_id else self.env._("Previous SMS"),
                operator="≠" if self.sms_status_operator == "<>" else "=",
                statuses=" / ".join(labels[status] for status in STATUSES if self[f"sms_is_{status}"]) if self else "",
            ),
            "is_dated": True,
        }

    def _validate_sms_status(self):
        messages = []
        if not self._messages_above("sms") and not self.sms_step_id:
            messages.append(self.env._("there is no SMS before this condition. Choose one."))
        if not self._sms_statuses():
            messages.append(self.env._("no status is ticked in “SMS status”."))
        return messages

    def _match_sms_status(self, enrollments):
        statuses = self._sms_statuses()
        step = self.sms_step_id or self._messages_above("sms")[:1]
        traces = self._message_traces(enrollments, "sms", self.sms_step_id)
        facts = self._message_facts(enrollments, traces, sms_facts, step, "sms")
        having = enrollments.browse([i for i in enrollments.ids if facts[i] & statuses])
        return enrollments - having if self.sms_status_operator == "<>" else having

    def _unsettled_sms_status(self, enrollments):
        return self._unsettled(enrollments, self._message_traces(enrollments, "sms", self.sms_step_id))

    def _sms_statuses(self):
        return {status for status in STATUSES if self[f"sms_is_{status}"]}

    def _copy_references_to(self, copied, copies):
        result = super()._copy_references_to(copied, copies)
        if self.sms_step_id.id in copies:
            copied.sms_step_id = copies[self.sms_step_id.id]
        return result

    def _play_sms_status(self, enrollment):
        traces = self._message_traces(enrollment, "sms", self.sms_step_id)
        trace = self._played_trace(traces, enrollment)
        statuses = self._sms_statuses()
        if "clicked" in statuses:
            trace.set_clicked()
        elif "bounced" in statuses:
            trace.set_bounced()
        elif statuses & {"error", "blocked"}:
            trace.set_failed()
