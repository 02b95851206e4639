"""What leaves for a scenario's mail, and another try after a passing trouble (S19, S44)."""

import re

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext, split_every

from odoo.addons.base.models.ir_mail_server import IdentificationFieldsNoFoldPolicy

from .. import clock
from ..conflicts import CONFLICT_TRIES, CONFLICTS
from ..engine import back_off
from . import inline_images, sql
from .last_gate import HELD, MESSAGE_KINDS

# "Try again later" of RFC 5321, as smtplib tells it: (450, b'…')
TEMPORARY = re.compile(r"\b4\d\d, b['\"]")
# A recipient refused for good, as smtplib tells it: {'lea@example.com': (550, b'…')}
REFUSED_RECIPIENT = re.compile(r"'([^'\s]+@[^'\s]+)': \(5\d\d, b['\"]")
# the picture by which Odoo knows an opening
PIXEL = re.compile(r'<img src="([^"]*/mail/track/[^"]*)"/>')
GATE_BATCH = 100  # mails judged at once: a refusal that comes while a long queue is sent waits for few mails

TRACE_FIELDS = (
    "mail_mail_id",
    "mass_mailing_id",
    "marketing_enrollment_id",
    "model",
    "res_id",
    "email",
    "trace_status",
    "marketing_expires_at",
)


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
    marketing_message = fields.Selection(
        MESSAGE_KINDS, "Marketing message", copy=False, help="What this addon queued, and tries again."
    )
    state = fields.Selection(selection_add=[(HELD, "Held back")], ondelete={HELD: "cascade"})

    # what is released when a scenario goes on
    _marketing_held_idx = models.Index("(mailing_id) WHERE state = 'held'")

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        """Every way to send comes here: mails of scenarios pass the last gate first (S52)."""
        for ids in split_every(GATE_BATCH, self.ids):
            for tries_left in reversed(range(CONFLICT_TRIES)):
                try:
                    passed = self.browse(ids)._pass_last_gate()
                    self.env.flush_all()  # what the gate wrote meets its conflict here, where it can begin again
                    dropped = [mail_id for mail_id in ids if mail_id not in passed._ids]
                    if dropped and post_send_callback:
                        post_send_callback(dropped)
                    if passed:
                        super(MailMail, passed)._send(
                            auto_commit=auto_commit,
                            raise_exception=raise_exception,
                            smtp_session=smtp_session,
                            alias_domain_id=alias_domain_id,
                            mail_server=mail_server,
                            post_send_callback=post_send_callback,
                        )
                    break
                except CONFLICTS:
                    # met before its mail left, see ``_hold``; those that have left are committed
                    if not auto_commit or not tries_left:
                        raise
                    self.env.cr.rollback()
        return True

    def _pass_last_gate(self):
        """:return: those of these mails that may leave now; the others are cancelled or held back"""
        # sudo: asked before any sending, no matter by whom
        mails = self.sudo()
        ours = mails.search_fetch(
            [("id", "in", self.ids), ("marketing_message", "=", "step"), ("state", "=", "outgoing")],
            ["marketing_message"],
        )
        if not ours:
            return self
        traces = mails.env["mailing.trace"].search_fetch([("mail_mail_id", "in", ours.ids)], TRACE_FIELDS)
        refused, held = traces._last_gate("email")
        untraced = ours - traces.mail_mail_id  # the mailing was deleted, and with it all that could be asked
        cancelled = traces.browse(refused).mail_mail_id | untraced
        waiting = traces.browse(held).mail_mail_id
        cancelled.write({"state": "cancel"})
        waiting.write({"state": HELD})
        stopped = set((cancelled | waiting)._ids)
        return self.browse([mail_id for mail_id in self.ids if mail_id not in stopped])

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        if self.marketing_message:
            self._hold()
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        step = self.mailing_id.marketing_step_id
        if step:
            for email in emails:
                # programs that read aloud pass over what says that it shows nothing
                email["body"] = PIXEL.sub(r'<img alt="" src="\1"/>', str(email["body"]))
                # Odoo makes the text before it puts the personal links into the body
                if "/unsubscribe_from_list" in email["body_alternative"]:
                    email["body_alternative"] = html2plaintext(email["body"])
            step._part("finish_mail", self, emails)
        return emails

    def _hold(self):
        """Right before this mail leaves: nobody may keep it from being known as sent, or it would leave again."""
        mail = self.sudo()  # sudo: no matter who sends
        mail.flush_recordset()
        sql.hold(self.env.cr, mail.ids, mail.mailing_trace_ids.ids)

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        ours = self.filtered("marketing_message") if failure_type else self.browse()
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if ours and is_passing(failure_type, failure_reason):
            ours._marketing_try_again()
        elif ours:
            ours.sudo().mailing_trace_ids._marketing_failed(failure_reason)
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


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def _marketing_failed(self, failure_reason):
        """Tell why a mail failed for good; that the server refused its recipient is a bounce (S36)."""
        refused = {email_normalize(address) for address in REFUSED_RECIPIENT.findall(failure_reason or "")}
        bounced = self.filtered(lambda trace: trace.email in refused)
        if bounced:
            bounced.set_bounced(bounce_message=failure_reason)
        (self - bounced).write({"failure_reason": failure_reason or False})
