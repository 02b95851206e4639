from odoo import fields, models
from odoo.tools import formataddr

from ..channels.mail_content import MailContent


class StepEmail(models.Model):
    """E-mail step (S19, R36, R37): a designed text or an existing template, to opted-in people."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("email", "Email")], ondelete={"email": "cascade"})
    email_source = fields.Selection(
        [("designed", "Designed here"), ("template", "Email template")], "Content", default="designed"
    )
    email_template_id = fields.Many2one(
        "mail.template", "Email template", domain="[('model', 'in', ('res.partner', 'crm.lead'))]", ondelete="restrict"
    )
    email_subject = fields.Char("Subject", help="Empty with a template: the template's subject.")
    email_preview = fields.Char("Preview text", help="Shown by mail programs after the subject.")
    email_body_arch = fields.Html("Design", sanitize="email_outgoing", sanitize_output_method="html")
    email_body_html = fields.Html("Body", sanitize="email_outgoing", sanitize_output_method="html")
    email_sender_id = fields.Many2one(
        "marketing.sender", "Sender", domain="[('state', '=', 'validated')]", help="Empty: the company's default."
    )
    email_sender_name = fields.Char("Sender name", help="Empty: the name of the sender.")
    email_reply_to = fields.Char("Reply to", help="Empty: replies arrive on the record, in its chatter.")
    email_attachment_ids = fields.Many2many("ir.attachment", string="Attachments", bypass_search_access=True)

    def _describe_email(self):
        return {
            "label": self.env._("Email"),
            "family": "message",
            "icon": "fa-envelope-o",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "email",
            "summary": self.email_subject or self.email_template_id.subject or self.env._("No subject yet"),
        }

    def _execute_email(self, run, enrollments):
        channel = self.env["marketing.scenario.channel.mail"]
        traces = channel._queue(self, enrollments, self._email_content())
        run.advance_each(traces)
        run.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_email")

    def _email_content(self):
        templates = self.email_template_id.attachment_ids if self.email_source == "template" else []
        return MailContent(
            text=self._email_text,
            email_from=self._mail_sender(),
            reply_to=self.email_reply_to or "",
            author_id=self._email_author().id,
            attachment_ids=[*self.email_attachment_ids.ids, *(attachment.id for attachment in templates)],
        )

    def _email_text(self, lang):
        """``(subject, QWeb body, preview)`` in a language; designed texts have one language."""
        template = self.email_template_id.sudo().with_context(lang=lang)  # picked by a manager, used for everybody
        if self.email_source == "template":
            return self.email_subject or template.subject, template.body_html, self.email_preview
        return self.email_subject, self.email_body_html or self.email_body_arch, self.email_preview

    def _mail_sender(self):
        sender = self._email_sender()
        company = self.scenario_id.company_id or self.env.company
        name = self.email_sender_name or sender.name or company.name
        address = sender.email or company.email
        return formataddr((name, address)) if address else super()._mail_sender()

    def _email_sender(self):
        return self.email_sender_id or self.env["marketing.sender"]._default_for(self.scenario_id.company_id)

    def _email_author(self):
        return self._email_sender().user_id.partner_id or self.scenario_id.user_id.partner_id

    def _validate_email(self):
        return self._mail_issues(self._email_content(), self._email_sender())
