"""STOP by SMS: Odoo's phone blacklist, the refusal on the person, the end of the runs (S21, S35)."""

from odoo import models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    def _marketing_sms_stop(self, trace):
        """Someone opted out through an SMS of a scenario; Odoo has put the number on its blacklist.

        :param trace: the mailing trace of that SMS
        """
        step = self.marketing_step_id
        if not step or not trace.sms_number:
            return
        partners = self.env["res.partner"].search([("phone_sanitized", "=", trace.sms_number)])
        leads = self.env["crm.lead"].search([("phone_sanitized", "=", trace.sms_number)])
        for people in (partners, leads):
            people._set_refusal("sms", self.env._("STOP after “%(mailing)s”", mailing=step.name))
        recipient = self.env[trace.model].browse(trace.res_id).exists()
        if recipient:
            self.env["marketing.automatism.event"]._note(
                "unsubscribed", recipient, {"step_id": step.id, "channel": "sms"}
            )
        domain = ["|", ("partner_id", "in", partners.ids), ("lead_id", "in", leads.ids)]
        self.env["marketing.scenario.enrollment"].search(
            [
                ("state", "in", ("running", "paused", "error")),
                ("scenario_id.leave_on_unsubscribe", "=", True),
                *domain,
            ]
        )._stop("unsubscribed")
