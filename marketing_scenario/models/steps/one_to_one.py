from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..channels import inline_images
from ..channels.addresses import named_address
from ..channels.content import MailContent

SIGNATURE = Markup("<div class='o_signature'><t t-out=\"marketing_signature or ''\"/></div>")


class StepOneToOne(models.Model):
    """One-to-one email (S20, R39–R44): looks typed by the salesperson, and is logged on the record."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("one_to_one", "One-to-one email")], ondelete={"one_to_one": "cascade"})
    one_to_one_subject = fields.Char("Subject of the one-to-one", translate=True)
    one_to_one_body = fields.Html(
        "Message of the one-to-one", translate=True, sanitize="email_outgoing", sanitize_output_method="html"
    )
    one_to_one_sender_id = fields.Many2one(
        "marketing.sender",
        string="Sender of the one-to-one",
        domain="[('state', '=', 'validated')]",
        help="Empty: the user assigned to the record, else to its contact, else to its account, "
        "else the company's default sender. Each signs with the signature of their profile.",
    )
    one_to_one_sender_name = fields.Char("Sender name of the one-to-one", help="Empty: the name of who sends it.")
    one_to_one_unsubscribe = fields.Boolean(
        "Unsubscribe link", help="Mail programs always show their own unsubscribe button; this adds a visible link."
    )
    one_to_one_attachment_ids = fields.Many2many(
        "ir.attachment", "marketing_step_one_to_one_attachment_rel", string="Files", bypass_search_access=True
    )

    def _describe_one_to_one(self):
        return {
            "family": "message",
            "place": 20,
            "icon": "fa-pencil-square-o",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "email",
            "summary": self._in_words(self.one_to_one_subject),
        }

    @api.model
    def _rendered_fields(self):
        return {**super()._rendered_fields(), "one_to_one_subject": "inline", "one_to_one_body": "qweb"}

    def _varied_one_to_one(self):
        return "one_to_one_subject", "one_to_one_body"

    @api.model
    def _sender_name_fields(self):
        return [*super()._sender_name_fields(), "one_to_one_sender_name"]

    def _leaves_at_first_minute_one_to_one(self):
        """R42: without its own window it leaves at 00:01 of the planned day, unless each person has an hour."""
        return not self.window_id and not self.best_hour

    def _validate_one_to_one(self):
        return self._mail_issues(self._one_to_one_content([]), self.one_to_one_sender_id)

    def _missing_one_to_one(self):
        return self._missing_in_mail(*self._one_to_one_text(self.env.lang)[:2])

    def _execute_one_to_one(self, decisions, enrollments):
        content = self._one_to_one_content(enrollments._pairs())
        traces = self.env["marketing.scenario.channel.mail"]._queue(self, enrollments, content)
        decisions.advance_each(traces)
        decisions.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_email")

    def _one_to_one_content(self, pairs):
        """What to send; who writes may differ for each of ``pairs`` = ``(target, enrollment id)``."""
        voices = self._one_to_one_voices(pairs)
        return MailContent(
            text=self._one_to_one_text,
            email_from={i: address for i, (address, _user) in voices.items()} or self._mail_sender(),
            author_id={i: user.partner_id.id for i, (_address, user) in voices.items()},
            values={i: {"marketing_signature": user.signature} for i, (_address, user) in voices.items()},
            closing=lambda lang: "" if is_html_empty(self._one_to_one_text(lang)[1]) else SIGNATURE,
            vouched=self._vouched_texts(),
            attachment_ids=self.one_to_one_attachment_ids.ids,
            layout=False,
            footer=self.one_to_one_unsubscribe,
            log_body=True,
        )

    def _one_to_one_text(self, lang):
        step = self.with_context(lang=lang)
        return step._said("one_to_one_subject"), step._said("one_to_one_body"), False

    def _mail_view_one_to_one(self, lang):
        return self._one_to_one_text(lang)[1]

    def _mail_text_one_to_one(self):
        subject, body, _preview = self._one_to_one_text(self.env.lang)
        return {"subject": subject or self.name, "body_arch": body, "body_html": body}

    def _mail_content_one_to_one(self, record):
        return self._one_to_one_content([(record, False)])

    def _mail_sender_one_to_one(self):
        return self._from_address(self._one_to_one_sender(), self.one_to_one_sender_name)

    def _finish_mail_one_to_one(self, mail, emails):
        """Pasted images travel inside the mail, as a person's mail program would send them (R40)."""
        for email in emails:
            inline_images.refer(mail.env, email)

    def _one_to_one_voices(self, pairs):
        """``{enrollment id: (From address, user who signs)}`` in the order of S20."""
        companies = self._speaking_companies(pairs := list(pairs))
        defaults = {company: self._one_to_one_voice(company) for company in {None, *companies.values()}}
        voices = {}
        allowed = {}
        for target, enrollment_id in pairs:
            # sudo: addresses and signatures of colleagues, no matter who woke the engine
            user = target.marketing_user_id.sudo()
            if user not in allowed:
                allowed[user] = not self.one_to_one_sender_id and self.env["marketing.sender"]._may_send_as(user)
            name = self.one_to_one_sender_name or user.name
            own = (named_address(name, user.email_normalized), user) if allowed[user] else None
            voices[enrollment_id] = own or defaults[companies.get(enrollment_id)]
        return voices

    def _one_to_one_voice(self, company):
        sender = self._one_to_one_sender(company)
        # sudo: the signature of a colleague, no matter who woke the engine
        return self._from_address(sender, self.one_to_one_sender_name, company), sender.user_id.sudo()

    def _one_to_one_sender(self, company=None):
        default_company = company or self.scenario_id.company_id
        return self.one_to_one_sender_id or self.env["marketing.sender"]._default_for(default_company)


class MarketingScenarioVariant(models.Model):
    _inherit = "marketing.scenario.variant"

    one_to_one_subject = fields.Char("Subject of the one-to-one", translate=True)
    one_to_one_body = fields.Html(
        "Message of the one-to-one", translate=True, sanitize="email_outgoing", sanitize_output_method="html"
    )


class MarketingSender(models.Model):
    _inherit = "marketing.sender"

    def _may_send_as(self, user):
        """Whether mails may leave from this internal user's address (R43): it must not await confirmation."""
        if not user.email_normalized or user.share or not user.active:
            return False
        # sudo: asked by the engine for any user
        known = self.sudo().search([("email", "=", user.email_normalized)])
        return not known or "validated" in known.mapped("state")
