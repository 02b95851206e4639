"""What a recipient did with a message of a scenario, as Odoo's mailing traces learn it (S14, S19, S34)."""

import re

from odoo import api, fields, models

TEMPORARY = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b")  # status codes of RFC 3463
PERMANENT = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
ABOUT_US = ("5.6.", "5.7.")  # content and policy: the address may be fine


def is_hard_bounce(report):
    """False when a report names only temporary troubles (4.x.x) or refuses the sender: the address may be fine."""
    codes = PERMANENT.findall(report or "")
    if codes:
        return any(not code.startswith(ABOUT_US) for code in codes)
    return not TEMPORARY.search(report or "")


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment",
        string="Scenario enrollment",
        index="btree_not_null",
        ondelete="set null",
        help="The run this message was sent in.",
    )

    # all messages to one record: its pane, its erasure, its merge
    _marketing_target_idx = models.Index("(res_id, model)")

    def set_opened(self, domain=None):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status not in ("open", "reply"))
        result = super(MailingTrace, traces).set_opened()
        fresh._marketing_feedback("mail_opened")
        return result

    def set_replied(self, domain=None):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status != "reply")
        result = super(MailingTrace, traces).set_replied()
        fresh._marketing_feedback("mail_replied")
        return result

    def set_bounced(self, domain=None, bounce_message=False):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status != "bounce")
        result = super(MailingTrace, traces).set_bounced(bounce_message=bounce_message)
        if is_hard_bounce(bounce_message):
            fresh._marketing_invalidate("email_normalized", "email")
        fresh._marketing_feedback("mail_bounced")
        return result

    def _with(self, domain):
        return self + self.search(domain) if domain else self

    def _marketing_targets(self):
        """``{model: existing contacts or leads}`` of the traces that belong to scenarios."""
        return {
            model: self.env[model].browse(traces.mapped("res_id")).exists()
            for model, traces in self.filtered("mass_mailing_id.marketing_step_id").grouped("model").items()
        }

    def _marketing_invalidate(self, address, used):
        """Mark the address or number (field ``used`` of the trace) these messages went to as one that does not exist.

        It may belong to the recipient's contact or account (S34).
        """
        ours = self.filtered("mass_mailing_id.marketing_step_id")
        if ours:
            self.env["res.partner"]._mark_invalid(address, set(ours.mapped(used)))

    def _marketing_feedback(self, kind, **details):
        """Hook: the recipients of these messages did something.

        :param kind: mail_opened, mail_replied, mail_bounced or link_clicked
        :param details: ``url`` of a click
        """

    def _marketing_status_label(self):
        """What became of the message, in one word; a click counts more than an opening."""
        if self.links_click_datetime and self.trace_status in ("sent", "open"):
            return self.env._("Clicked")
        if self.trace_status == "outgoing":
            return self.env._("In the sending queue")
        return dict(self._fields["trace_status"]._description_selection(self.env)).get(self.trace_status, "")


class LinkTrackerClick(models.Model):
    _inherit = "link.tracker.click"

    @api.model
    def add_click(self, code, **route_values):
        """Note the click of a scenario's recipient with the address of the link (S14, S24)."""
        click = super().add_click(code, **route_values)
        if click and click.mailing_trace_id:
            click.mailing_trace_id._marketing_feedback("link_clicked", url=click.link_id.url)
        return click


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    def _update_sms_traces(self, trace_status, failure_type=False, failure_reason=False):
        """A number that the network does not know is marked on the person (S34)."""
        traces = super()._update_sms_traces(trace_status, failure_type=failure_type, failure_reason=failure_reason)
        if failure_type in ("sms_number_format", "sms_invalid_destination"):
            traces._marketing_invalidate("phone_sanitized", "sms_number")
        return traces
