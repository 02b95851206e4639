"""What leaves for a scenario's mail, and another try after a passing trouble (S19, S44)."""

import re

from odoo import api, fields, models
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_mail_server import IdentificationFieldsNoFoldPolicy

from .. import clock
from ..engine import back_off
from . import inline_images

# "Try again later" of RFC 5321, as smtplib tells it: (450, b'…')
TEMPORARY = re.compile(r"\b4\d\d, b['\"]")


class LinkHeaderPolicy(IdentificationFieldsNoFoldPolicy):
    """Writes List-Unsubscribe on one line: Python would encode a long address, which RFC 2369 does not allow."""

    def _fold(self, name, value, *args, **kwargs):
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return super()._fold(name, value, *args, **kwargs)


LINK_HEADERS = LinkHeaderPolicy(linesep="\r\n")


def is_passing(failure_type, failure_reason):
    """Whether the same mail may well go later: no outgoing server answered, or it asked to come back."""
    return failure_type == "mail_smtp" or bool(TEMPORARY.search(failure_reason or ""))


class MailMail(models.Model):
    _inherit = "mail.mail"

    marketing_attempts = fields.Integer("Tries", default=0)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        step = self.mailing_id.marketing_step_id
        if step:
            for email in emails:
                # Odoo makes the text before it puts the personal links into the body
                if "/unsubscribe_from_list" in email["body_alternative"]:
                    email["body_alternative"] = html2plaintext(email["body"])
            step._part("finish_mail", self, emails)
        return emails

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if is_passing(failure_type, failure_reason):
            self.filtered("mailing_id.marketing_step_id")._marketing_try_again()
        return result

    def _marketing_try_again(self):
        """Put failed mails back into the queue, with back-off; after the last try the failure stays."""
        now = clock.now(self.env)
        for attempts, mails in self.grouped("marketing_attempts").items():
            if again := back_off.next_try(attempts + 1, now):
                mails.write({"state": "outgoing", "scheduled_date": again, "marketing_attempts": attempts + 1})
                mails.mailing_trace_ids.write({"trace_status": "outgoing", "failure_type": False})
                self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger(at=again)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _build_email__(self, *args, headers=None, **kwargs):  # noqa: PLW3201 Odoo's own name
        headers = dict(headers or {})
        image_ids = headers.pop(inline_images.HEADER, None)
        message = super()._build_email__(*args, headers=headers, **kwargs)
        if message["List-Unsubscribe"]:
            message.policy = LINK_HEADERS
        if image_ids:
            inline_images.embed(self.env, message, map(int, image_ids.split(",")))
        return message
