"""Openings by machines: mail programs and scanners that fetch the pictures of every mail, read or not (S43)."""

import re
from datetime import timedelta

from odoo import fields, models
from odoo.http import request

from .. import clock

AT_ONCE = timedelta(seconds=5)  # nobody reads that soon after the mail has left
# scanners say who they are; Apple's mail privacy fetches as the bare word
MACHINES = re.compile(
    r"^mozilla/5\.0$|bot\b|crawl|spider|barracuda|mimecast|proofpoint|fireeye|trendmicro|symantec|safelinks|"
    r"python-requests|curl/|okhttp|go-http-client",
    re.I,
)


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_opened_by_machine = fields.Boolean(
        "Opened by a machine only", readonly=True, help="A mail program or a scanner fetched it; nobody read it yet."
    )

    def set_opened(self, domain=None):
        """Whether a person opened it, or so far only a machine; who comes later may be the person."""
        traces = self._with(domain)
        machines = traces.filtered(lambda trace: trace._is_machine())
        unread = traces.filtered(lambda trace: trace.trace_status not in ("open", "reply"))
        suspected = (traces - machines).filtered("marketing_opened_by_machine")
        # who is told of an opening below asks whose it is
        (unread & machines).filtered("marketing_enrollment_id").marketing_opened_by_machine = True
        suspected.marketing_opened_by_machine = False
        result = super(MailingTrace, traces).set_opened()
        (suspected - unread)._marketing_feedback("mail_opened")
        return result

    def set_replied(self, domain=None):
        self._with(domain).filtered("marketing_opened_by_machine").write({"marketing_opened_by_machine": False})
        return super().set_replied(domain=domain)

    def _marketing_opened_at(self):
        """When a person opened it; False: nobody has yet."""
        return not self.marketing_opened_by_machine and self.open_datetime

    def _marketing_status_label(self):
        if self.marketing_opened_by_machine and self.trace_status == "open" and not self.links_click_datetime:
            return self.env._("Opened by a machine only")
        return super()._marketing_status_label()

    def _is_machine(self):
        """Whether who is fetching now is a machine, by its name or by its haste; False when nobody fetches."""
        if not request:
            return False
        if MACHINES.search(request.httprequest.user_agent.string.strip()):
            return True
        return bool(self.sent_datetime) and clock.now(self.env) - self.sent_datetime < AT_ONCE
