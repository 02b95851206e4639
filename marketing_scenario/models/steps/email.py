from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..channels.addresses import is_address_list
from ..channels.content import MailContent


class StepEmail(models.Model):
    """Email step (S19, R36, R37): a designed text or an existing template, to opted-in people."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("email", "Email")], ondelete={"email": "cascade"})
    email_source = fields.Selection(
        [("designed", "Designed here"), ("template", "Email template")], "Content", default="designed"
    )
    email_template_id = fields.Many2one(
        "mail.template", "Email template", domain="[('model', 'in', ('res.partner', 'crm.lead'))]", ondelete="restrict"
    )
    email_subject = fields.Char("Subject", translate=True, help="Empty with a template: the template's subject.")
    email_preview = fields.Char("Preview text", translate=True, help="Shown by mail programs after the subject.")
    email_body_arch = fields.Html("Design", translate=True, sanitize="email_outgoing", sanitize_output_method="html")
    email_body_html = fields.Html("Body", translate=True, sanitize="email_outgoing", sanitize_output_method="html")
    email_sender_id = fields.Many2one(
        "marketing.sender", "Sender", domain="[('state', '=', 'validated')]", help="Empty: the company's default."
    )
    email_sender_name = fields.Char("Sender name", help="Empty: the name of the sender.")
    email_reply_to = fields.Char("Reply to", help="Empty: replies arrive on the record, in its chatter.")
    email_attachment_ids = fields.Many2many("ir.attachment", string="Attachments", bypass_search_access=True)

    def _describe_email(self):
        return {
            "family": "message",
            "place": 10,
            "icon": "fa-envelope-o",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "email",
            "summary": self._in_words(self.email_subject or self.email_template_id.subject)
            or self.env._("No subject yet"),
        }

    @api.model
    def _rendered_fields(self):
        return {
            **super()._rendered_fields(),
            "email_subject": "inline",
            "email_preview": "inline",
            "email_body_arch": "qweb",  # sent as long as nothing else was made of it
            "email_body_html": "qweb",
            "email_source": None,
            "email_template_id": None,
        }

    @api.model
    def _made_of(self):
        return {**super()._made_of(), "email_body_html": "email_body_arch"}

    def _varied_email(self):
        own = ("email_template_id",) if self.email_source == "template" else ("email_body_arch", "email_body_html")
        return ("email_subject", "email_preview", *own)

    def _execute_email(self, decisions, enrollments):
        channel = self.env["marketing.scenario.channel.mail"]
        traces = channel._queue(self, enrollments, self._email_content(enrollments._pairs()))
        decisions.advance_each(traces)
        decisions.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_email")

    def _mail_content_email(self, record):
        return self._email_content([(record, False)])

    def _email_content(self, pairs=()):
        """What to send; who writes may differ for each of ``pairs`` = ``(target, enrollment id)``."""
        companies = self._speaking_companies(pairs)
        voices = {company: self._email_voice(company) for company in set(companies.values())}
        address, author_id = self._email_voice()
        templates = self._said("email_template_id").attachment_ids if self.email_source == "template" else []
        return MailContent(
            text=self._email_text,
            vouched=self._email_vouched(),
            email_from={i: voices[company][0] for i, company in companies.items()} or address,
            reply_to=self.email_reply_to or "",
            author_id={i: voices[company][1] for i, company in companies.items()} or author_id,
            attachment_ids=[*self.email_attachment_ids.ids, *(attachment.id for attachment in templates)],
        )

    def _email_vouched(self):
        """As ``_vouched_texts``; Odoo itself lets nobody but template editors write code into a template."""
        own = self._vouched_texts()
        if self.email_source != "template":
            return own
        return (*own, "body") if self._said("email_subject") else (*own, "body", "subject")

    def _email_text(self, lang):
        """``(subject, QWeb body, preview)`` in a language."""
        step = self.with_context(lang=lang)
        # sudo: picked by a manager, used for everyone
        template = step._said("email_template_id").sudo()
        subject, preview = step._said("email_subject"), step._said("email_preview")
        if self.email_source == "template":
            return subject or template.subject, template.body_html, preview
        return subject, step._said("email_body_html") or step._said("email_body_arch"), preview

    def _text_model_email(self):
        return self._said("email_template_id").model if self.email_source == "template" else None

    def _mail_text_email(self):
        subject, body, preview = self._email_text(self.env.lang)
        return {
            "subject": subject or self.name,
            "preview": preview,
            "body_arch": self._said("email_body_arch") or body,
            "body_html": body,
        }

    def _mail_view_email(self, lang):
        return self._email_text(lang)[1]

    def _mail_designed_email(self, values):
        """Take over what was edited in the mail designer."""
        self._say({f"email_{name}": value for name, value in values.items()})

    def _mail_sender_email(self):
        return self._email_voice()[0]

    def _email_sender(self, company=None):
        default_company = company or self.scenario_id.company_id
        return self.email_sender_id or self.env["marketing.sender"]._default_for(default_company)

    def _email_voice(self, company=None):
        """``(From address, author id)`` of mails for targets of a company; None: the scenario's."""
        sender = self._email_sender(company)
        author = sender.user_id.partner_id or self.scenario_id.user_id.partner_id
        return self._from_address(sender, self.email_sender_name, company), author.id

    def _missing_email(self):
        return self._missing_in_mail(*self._email_text(self.env.lang)[:2])

    @api.model
    def _sender_name_fields(self):
        return [*super()._sender_name_fields(), "email_sender_name"]

    @api.constrains("email_reply_to")
    def _check_email_reply_to(self):
        for step in self:
            if step.email_reply_to and not is_address_list(step.email_reply_to):
                raise ValidationError(
                    self.env._(
                        "%(step)s: “Reply to” must be an email address, not “%(value)s”.",
                        step=step.name,
                        value=step.email_reply_to,
                    )
                )

    def _validate_email(self):
        return self._mail_issues(self._email_content(), self._email_sender())


class MarketingScenarioVariant(models.Model):
    _inherit = "marketing.scenario.variant"

    email_source = fields.Selection(related="step_id.email_source")
    email_template_id = fields.Many2one(
        "mail.template", "Email template", domain="[('model', 'in', ('res.partner', 'crm.lead'))]", ondelete="restrict"
    )
    email_subject = fields.Char("Subject", translate=True)
    email_preview = fields.Char("Preview text", translate=True)
    email_body_arch = fields.Html("Design", translate=True, sanitize="email_outgoing", sanitize_output_method="html")
    email_body_html = fields.Html("Body", translate=True, sanitize="email_outgoing", sanitize_output_method="html")

    @api.model
    def _made_of(self):
        return {**super()._made_of(), "email_body_html": "email_body_arch"}
