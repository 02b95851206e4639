from odoo import fields, models
from odoo.fields import Domain

KINDS = ("link_clicked", "mail_opened", "mail_replied", "mail_bounced", "unsubscribed")


class AutomatismMessage(models.Model):
    """What a recipient did with a mail of a scenario (S14). Payload: ``step_id``, ``trace_id``, ``url``,
    ``machine``: nobody has opened it but a machine."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[
            ("link_clicked", "Link clicked"),
            ("mail_opened", "Mail opened"),
            ("mail_replied", "Mail replied to"),
            ("mail_bounced", "Mail bounced"),
            ("unsubscribed", "Unsubscribed"),
        ],
        ondelete=dict.fromkeys(KINDS, "cascade"),
    )
    message_scenario_id = fields.Many2one(
        "marketing.scenario", string="Of the scenario", ondelete="cascade", help="Empty: of any scenario."
    )
    message_step_id = fields.Many2one(
        "marketing.scenario.step",
        string="Message",
        ondelete="cascade",
        domain="[('scenario_id', '=', message_scenario_id)]",
        help="Empty: any message.",
    )
    message_by_machines = fields.Boolean(
        "By machines too", help="Mail programs and scanners that open each mail, whether somebody reads it or not."
    )
    message_url = fields.Char("Address contains", help="Empty: any link.")

    def _describe_event_link_clicked(self):
        if self.message_url:
            done = self.env._("a link with “%(url)s” is clicked", url=self.message_url)
        else:
            done = self.env._("a link is clicked")
        return self._describe_message(done)

    def _describe_event_mail_opened(self):
        if self.message_by_machines:
            return self._describe_message(self.env._("a mail is opened, also by a machine"))
        return self._describe_message(self.env._("a mail is opened"))

    def _describe_event_mail_replied(self):
        return self._describe_message(self.env._("a mail is replied to"))

    def _describe_event_mail_bounced(self):
        return self._describe_message(self.env._("a mail bounces"))

    def _describe_event_unsubscribed(self):
        return self._describe_message(self.env._("somebody unsubscribes"))

    def _describe_message(self, done):
        source = self.message_step_id.name or self.message_scenario_id.name
        sentence = self.env._("%(done)s (“%(message)s”)", done=done, message=source) if source else done
        about = {"step_id": self._message_steps().ids}
        return {"models": ("res.partner", "crm.lead"), "about": about, "sentence": sentence}

    def _matches_link_clicked(self, events):
        if not self.message_url:
            return events
        return events.filtered(lambda event: self.message_url in ((event.payload or {}).get("url") or ""))

    def _matches_mail_opened(self, events):
        if self.message_by_machines:
            return events
        return events.filtered(lambda event: not (event.payload or {}).get("machine"))

    def _message_steps(self):
        return self.message_step_id or self.message_scenario_id.step_ids

    def _happened_link_clicked(self, model):
        return self._having_message(model, [("links_click_datetime", "!=", False)])

    def _happened_mail_opened(self, model):
        by = [] if self.message_by_machines else [("marketing_opened_by_machine", "!=", True)]
        return self._having_message(model, [("open_datetime", "!=", False), *by])

    def _happened_mail_replied(self, model):
        return self._having_message(model, [("reply_datetime", "!=", False)])

    def _happened_mail_bounced(self, model):
        return self._having_message(model, [("trace_status", "=", "bounce")])

    def _happened_unsubscribed(self, model):
        return [("marketing_refuse_email", "=", True)]

    # -- in a simulation ------------------------------------------------------------------------------------------

    def _messages_of(self, enrollment, trace_type=None):
        """``[(its mailing.trace, name of its step)]`` of the messages that this run has got."""
        mine = Domain("marketing_enrollment_id", "=", enrollment.id) & Domain("sent_datetime", "!=", False)
        if trace_type:
            mine &= Domain("trace_type", "=", trace_type)
        traces = self.env["mailing.trace"].search(mine, order="id desc")
        return [(trace, trace.mass_mailing_id.marketing_step_id.name or "") for trace in traces]

    def _message_of(self, trace_id):
        return self.env["mailing.trace"].browse(trace_id)

    def _occasions_link_clicked(self, enrollment):
        return [
            {
                "of": f"{trace.id}-{link.id}",
                "label": self.env._("clicks “%(link)s” in “%(message)s”", link=link.label or link.url, message=name),
            }
            for trace, name in self._messages_of(enrollment)
            for link in trace.mass_mailing_id._marketing_links()
        ]

    def _play_link_clicked(self, enrollment, of):
        trace_id, link_id = map(int, of.split("-"))
        link = self.env["link.tracker"].browse(link_id)
        self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace_id)

    def _occasions_mail_opened(self, enrollment):
        return [
            {"of": trace.id, "label": self.env._("opens “%(message)s”", message=name)}
            for trace, name in self._messages_of(enrollment, "mail")
            if not trace.open_datetime
        ]

    def _play_mail_opened(self, enrollment, of):
        self._message_of(of).set_opened()

    def _occasions_mail_replied(self, enrollment):
        return [
            {"of": trace.id, "label": self.env._("answers “%(message)s”", message=name)}
            for trace, name in self._messages_of(enrollment, "mail")
            if not trace.reply_datetime
        ]

    def _play_mail_replied(self, enrollment, of):
        self._message_of(of).set_replied()

    def _occasions_mail_bounced(self, enrollment):
        return [
            {"of": trace.id, "label": self.env._("“%(message)s” bounces", message=name)}
            for trace, name in self._messages_of(enrollment, "mail")
            if trace.trace_status == "sent"
        ]

    def _play_mail_bounced(self, enrollment, of):
        self._message_of(of).set_bounced()

    def _occasions_unsubscribed(self, enrollment):
        return [
            {"of": trace.id, "label": self.env._("unsubscribes in “%(message)s”", message=name)}
            for trace, name in self._messages_of(enrollment, "mail")
            if not trace.marketing_opted_out_at
        ]

    def _play_unsubscribed(self, enrollment, of):
        trace = self._message_of(of)
        trace.mass_mailing_id._marketing_unsubscribe(trace.res_id, trace.email)

    # -- so far ---------------------------------------------------------------------------------------------------

    def _having_message(self, model, domain):
        domain = Domain(domain) & Domain("model", "=", model) & Domain("mass_mailing_id.marketing_step_id", "!=", False)
        if steps := self._message_steps():
            domain &= Domain("mass_mailing_id.marketing_step_id", "in", steps.ids)
        # sudo: salespeople do not read mailing traces; only ids of records leave this method
        return [("id", "in", self.env["mailing.trace"].sudo().search(domain).mapped("res_id"))]
