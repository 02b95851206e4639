"""Another try for a scenario's mail after a passing trouble: Odoo itself gives a mail up at the first (S44)."""

import re
from datetime import timedelta

from odoo import fields, models

from .run import BACK_OFF_MINUTES

# "Try again later" of RFC 5321, as smtplib tells it: (450, b'…')
TEMPORARY = re.compile(r"\b4\d\d, b['\"]")


def is_passing(failure_type, failure_reason):
    """Whether the same mail may well go later: no outgoing server answered, or it asked to come back."""
    return failure_type == "mail_smtp" or bool(TEMPORARY.search(failure_reason or ""))


class MailMail(models.Model):
    _inherit = "mail.mail"

    marketing_attempts = fields.Integer("Tries", default=0)

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if is_passing(failure_type, failure_reason):
            self.filtered("mailing_id.marketing_step_id")._marketing_try_again()
        return result

    def _marketing_try_again(self):
        """Put failed mails back into the queue, with back-off; after the last try the failure stays."""
        now = self.env["marketing.scenario.engine"]._now()
        for attempts, mails in self.grouped("marketing_attempts").items():
            if attempts < len(BACK_OFF_MINUTES):
                again = now + timedelta(minutes=BACK_OFF_MINUTES[attempts])
                mails.write({"state": "outgoing", "scheduled_date": again, "marketing_attempts": attempts + 1})
                mails.mailing_trace_ids.write({"trace_status": "outgoing", "failure_type": False})
                self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger(at=again)
