"""Someone no longer wants messages: by a link in a mail, by STOP, by a person's hand (S21, S34, S35)."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .. import clock
from ..enrollment.states import LIVE_STATES
from .last_gate import HELD


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _withdraw_mails(self):
        """Cancel the mails to these people that wait in Odoo's queue: an erasure leaves nothing there to judge."""
        # sudo: who may erase need not see mails
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
        mails = traces.mail_mail_id.filtered(lambda mail: mail.state in ("outgoing", "exception", HELD))
        mails.write({"state": "cancel"})
        mails.mailing_trace_ids.write({"trace_status": "cancel", "failure_type": "mail_optout"})


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_opted_out_at = fields.Datetime("Opted out on", readonly=True)


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    def _marketing_unsubscribe(self, res_id, email):
        """Someone unsubscribed through a mail of a scenario (S35).

        :param res_id: id of the record the mail went to, as the page got it
        :param email: the address, proved by the signed link
        """
        step = self.marketing_step_id
        address = email_normalize(email)
        if step and address:
            note = self.env._("Unsubscribed from “%(mailing)s”", mailing=step.name)
            self._marketing_opt_out("email", note, *self._marketing_people(res_id, "email_normalized", address))

    def _marketing_sms_stop(self, trace):
        """Someone opted out through an SMS of a scenario; Odoo has put the number on its blacklist.

        :param trace: the mailing trace of that SMS
        """
        step = self.marketing_step_id
        if step and trace.sms_number:
            note = self.env._("STOP after “%(mailing)s”", mailing=step.name)
            people = self._marketing_people(trace.res_id, "phone_sanitized", trace.sms_number)
            self._marketing_opt_out("sms", note, *people)

    def _marketing_resubscribe(self, res_id, email):
        """The person took the unsubscription back on Odoo's page: the opt-out goes as well."""
        address = email_normalize(email)
        if self.marketing_step_id and address:
            for records in self._marketing_people(res_id, "email_normalized", address)[1:]:
                records.write({"marketing_refuse_email": False})

    def _marketing_opt_out(self, channel, note, recipient, contacts, leads):
        """Opt-out of all these people, event of the recipient, end of the runs where the scenario wants it."""
        flag = f"marketing_refuse_{channel}"
        if recipient and not recipient[flag]:  # the page may be opened again
            self._marketing_opted_out(recipient, channel)
        for records in (contacts, leads):
            records.filtered(lambda record: not record[flag])._set_opt_out(channel, note)
        theirs = Domain("partner_id", "in", contacts.ids) | Domain("lead_id", "in", leads.ids)
        leaving = Domain("state", "in", LIVE_STATES) & Domain("scenario_id.leave_on_unsubscribe", "=", True)
        self.env["marketing.scenario.enrollment"].search(theirs & leaving)._stop("unsubscribed")

    def _marketing_opted_out(self, recipient, channel):
        """Hook: the recipient of this mailing has just opted out of ``channel``; its message is known by that."""
        # sudo: the visitor of the public page has no rights on mailings
        traces = self.env["mailing.trace"].sudo()
        mine = [("mass_mailing_id", "=", self.id), ("model", "=", recipient._name), ("res_id", "=", recipient.id)]
        traces.search(mine, order="id desc", limit=1).marketing_opted_out_at = clock.now(self.env)

    def _marketing_people(self, res_id, field, address):
        """The record the message went to, and everyone with its address: ``(recipient, contacts, leads)``.

        The recipient may have got the message at the address of its company or contact.
        """
        recipient = self.env[self.mailing_model_real].browse(int(res_id) if str(res_id).isdigit() else 0).exists()
        domain = [(field, "=", address)]
        contacts = self.env["res.partner"].search(domain)
        leads = self.env["crm.lead"].search(domain)
        if recipient._name == "crm.lead":
            leads |= recipient
        else:
            contacts |= recipient
        return recipient, contacts, leads
