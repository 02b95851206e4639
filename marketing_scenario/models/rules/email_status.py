from odoo import fields, models

from .previous_message import SETTLES

STATUSES = ("delivered", "opened", "clicked", "replied", "bounced", "error", "blocked")
FEEDBACK_EVENTS = ("mail_opened", "link_clicked", "mail_replied", "mail_bounced", *SETTLES)


class RuleEmailStatus(models.Model):
    """What became of an earlier mail (S24, M-7): facts of the message, compared with a set of statuses.

    One message can have several: who clicked has also opened; who replied has opened.
    """

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("email_status", "Email status")], ondelete={"email_status": "cascade"})
    email_status_operator = fields.Selection(
        [("=", "has one of"), ("<>", "has none of")],
        "Operator",
        default="=",
        help="A mail that is still in the queue is waited for, one day at most, before the condition answers.",
    )
    email_is_delivered = fields.Boolean("Delivered")
    email_is_opened = fields.Boolean("Opened")
    email_is_clicked = fields.Boolean("Clicked")
    email_is_replied = fields.Boolean("Replied")
    email_is_bounced = fields.Boolean("Bounced")
    email_is_error = fields.Boolean("Error")
    email_is_blocked = fields.Boolean("Blocked")

    def _describe_email_status(self):
        labels = self._email_status_labels()
        if self.email_by_machines:
            labels["opened"] = self.env._("Opened, also by a machine")
        chosen = " / ".join(labels[status] for status in STATUSES if self._email_statuses() & {status})
        return {
            "icon": "fa-envelope-open-o",
            "summary": self.env._(
                "%(mail)s %(operator)s %(statuses)s",
                mail=self._email_label(),
                operator="≠" if self.email_status_operator == "<>" else "=",
                statuses=chosen or "…",
            ),
            "events": FEEDBACK_EVENTS,
            "settles": SETTLES,
            "denies": self.email_status_operator == "<>",
            "is_dated": True,
        }

    def _validate_email_status(self):
        messages = self._previous_mail_messages()
        if not self._email_statuses():
            messages.append(self.env._("no status is ticked in “Email status”."))
        return messages

    def _match_email_status(self, enrollments):
        statuses = self._email_statuses()
        facts = self._email_facts(enrollments)
        having = enrollments.browse([i for i in enrollments.ids if facts[i] & statuses])
        return enrollments - having if self.email_status_operator == "<>" else having

    def _unsettled_email_status(self, enrollments):
        return self._unsettled(enrollments, self._mail_traces(enrollments))

    def _email_statuses(self):
        return {status for status in STATUSES if self[f"email_is_{status}"]}

    def _email_status_labels(self):
        return {status: self._fields[f"email_is_{status}"]._description_string(self.env) for status in STATUSES}

    def _play_email_status(self, enrollment):
        trace = self._played_trace(self._mail_traces(enrollment), enrollment)
        statuses = self._email_statuses()
        if "clicked" in statuses:
            trace.set_opened()
            trace.set_clicked()
        elif "replied" in statuses:
            trace.set_replied()
        elif "opened" in statuses:
            trace.set_opened()
        elif "bounced" in statuses:
            trace.set_bounced()
        elif statuses & {"error", "blocked"}:
            trace.set_failed()
