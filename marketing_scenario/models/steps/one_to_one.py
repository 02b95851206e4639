from markupsafe import Markup

from odoo import fields, models
from odoo.tools import is_html_empty

from ..channels.mail_content import MailContent

SIGNATURE = Markup("<div class='o_signature'><t t-out=\"marketing_signature or ''\"/></div>")


class StepOneToOne(models.Model):
    """One-to-one email (S20, R39–R44): looks typed by the salesperson, and is logged on the record."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("one_to_one", "One-to-one email")], ondelete={"one_to_one": "cascade"})
    one_to_one_subject = fields.Char("Subject of the one-to-one")
    one_to_one_body = fields.Html("Message of the one-to-one", sanitize="email_outgoing", sanitize_output_method="html")
    one_to_one_sender_id = fields.Many2one(
        "marketing.sender",
        string="Sender of the one-to-one",
        domain="[('state', '=', 'validated')]",
        help="Empty: the user assigned to the record, else to its contact, else to its account, "
        "else the company's default sender. Each signs with the signature of their profile.",
    )
    one_to_one_unsubscribe = fields.Boolean(
        "Unsubscribe link", help="Mail programs always show their own unsubscribe button; this adds a visible link."
    )
    one_to_one_attachment_ids = fields.Many2many(
        "ir.attachment", "marketing_step_one_to_one_attachment_rel", string="Files", bypass_search_access=True
    )

    def _describe_one_to_one(self):
        return {
            "label": self.env._("One-to-one email"),
            "family": "message",
            "icon": "fa-pencil-square-o",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "email",
            "summary": self.one_to_one_subject or "",
        }

    def _leaves_at_first_minute(self):
        """R42: without its own window it leaves at 00:01 of the planned day."""
        own = any(step.step_type == "one_to_one" and not step.window_id for step in self)
        return own or super()._leaves_at_first_minute()

    def _validate_one_to_one(self):
        return self._mail_issues(self._one_to_one_content([]), self.one_to_one_sender_id)

    def _execute_one_to_one(self, run, enrollments):
        content = self._one_to_one_content(enrollments._pairs())
        traces = self.env["marketing.scenario.channel.mail"]._queue(self, enrollments, content)
        run.advance_each(traces)
        run.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_email")

    def _one_to_one_content(self, pairs):
        """What to send; who writes may differ for each of ``pairs`` = ``(target, enrollment id)``."""
        voices = self._one_to_one_voices(pairs)
        return MailContent(
            text=self._one_to_one_text,
            email_from={i: address for i, (address, _user) in voices.items()} or self._mail_sender(),
            author_id={i: user.partner_id.id for i, (_address, user) in voices.items()},
            values={i: {"marketing_signature": user.signature} for i, (_address, user) in voices.items()},
            attachment_ids=self.one_to_one_attachment_ids.ids,
            layout=False,
            footer=self.one_to_one_unsubscribe,
            log_body=True,
        )

    def _one_to_one_text(self, _lang):
        body = self.one_to_one_body
        return self.one_to_one_subject, body if is_html_empty(body) else body + SIGNATURE, False
