"""A mail still in the queue is not sent to somebody who refused meanwhile (S34, S35)."""

from odoo import models


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _set_refusal(self, channel, source=False):
        result = super()._set_refusal(channel, source)
        if channel in ("email", "all"):
            self._withdraw_mails()
        return result

    def _withdraw_mails(self):
        """Cancel the scenario mails to these people that wait in Odoo's queue, be it for their retry."""
        # sudo: asked for by a recipient who clicked a link
        traces = (
            self.env["mailing.trace"]
            .sudo()
            .search(
                [
                    ("trace_status", "=", "outgoing"),
                    (f"marketing_enrollment_id.{self._marketing_column}", "in", self.ids),
                ]
            )
        )
        mails = traces.mail_mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        mails.write({"state": "cancel"})
        mails.mailing_trace_ids.write({"trace_status": "cancel", "failure_type": "mail_optout"})
