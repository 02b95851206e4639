"""What the queues and Odoo's traces of messages know about a person: told, handed over, forgotten (S3, S37)."""

from odoo import models
from odoo.fields import Domain

from . import sql


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _forget_person(self, person):
        """Nothing waits in a queue any more; what was sent stays as a figure, without address and links."""
        traces = self._person_traces()
        self._person_sms(traces).unlink()
        self._person_mails(traces, person).unlink()
        unsent = traces.filtered(lambda trace: trace.trace_status == "outgoing")
        for kind, rows in unsent.grouped("trace_type").items():
            rows.write({"trace_status": "cancel", "failure_type": f"{kind}_optout"})
        addresses = self._person_addresses(person)
        self.env.flush_all()
        sql.forget_traces(self.env.cr, traces.ids)
        self.env.invalidate_all()
        self.env["link.tracker"].browse(sql.links_with(self.env.cr, addresses)).unlink()
        return super()._forget_person(person)

    def _person_traces(self):
        """Odoo's traces of all messages to these records, of mass mailings too."""
        return self.env["mailing.trace"].search([("model", "=", self._name), ("res_id", "in", self.ids)])

    def _person_sms(self, traces):
        """The SMS in the queue to these people."""
        domain = Domain("id", "in", [i for i in traces.mapped("sms_id_int") if i])
        domain |= Domain("mail_message_id.model", "=", self._name) & Domain("mail_message_id.res_id", "in", self.ids)
        if self._name == "res.partner":
            domain |= Domain("partner_id", "in", self.ids)
        return self.env["sms.sms"].search(domain)

    def _person_mails(self, traces, person):
        """The mails in the queue to these people: those of their records, and those of no record to their address."""
        Mail = self.env["mail.mail"]
        mails = traces.mail_mail_id | Mail.search([("model", "=", self._name), ("res_id", "in", self.ids)])
        self.env.flush_all()
        return mails | Mail.browse(sql.mails_of_no_record(self.env.cr, self._person_addresses(person)))

    def _marketing_inherit(self, sources):
        """Messages to merged records were messages to their survivor."""
        result = super()._marketing_inherit(sources)
        traces = self.env["mailing.trace"].search([("model", "=", self._name), ("res_id", "in", sources.ids)])
        traces.res_id = self.id
        return result

    def _person_report(self):
        traces = self._person_traces().sorted("id")
        told = ("trace_type", "mass_mailing_id", "email", "sms_number", "trace_status", "failure_reason")
        told += ("sent_datetime", "open_datetime", "reply_datetime", "links_click_datetime", "marketing_opted_out_at")
        clicks = self.env["link.tracker.click"].search([("mailing_trace_id", "in", traces.ids)], order="id")
        mails, sms = self._person_mails(traces, self._person()), self._person_sms(traces)
        of_mail = ("create_date", "state", "failure_reason", "email_to", "email_cc", "subject", "body_html")
        return {
            **super()._person_report(),
            self.env._("Messages"): self._report_rows(traces, told),
            self.env._("Mails in the queue"): self._report_rows(mails.sorted("id"), of_mail),
            self.env._("SMS in the queue"): self._report_rows(
                sms.sorted("id"), ("create_date", "state", "failure_type", "number", "body")
            ),
            self.env._("Links clicked"): self._report_rows(clicks, ("create_date", "link_id", "ip", "country_id")),
        }
