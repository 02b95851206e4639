"""Events of messages: opened, clicked, answered, bounced, opted out (S14)."""

from odoo import models

TOLD_OTHERWISE = ("open", "reply")  # these have kinds of their own, see _marketing_feedback


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def write(self, vals):
        status = vals.get("trace_status")
        events = self.env["marketing.automatism.event"]
        if not status or status in TOLD_OTHERWISE or "message_status" not in events._listened():
            return super().write(vals)
        changed = self.filtered(lambda trace: trace.trace_status != status)
        result = super().write(vals)
        # no automation offers this kind: it wakes the conditions that ask what became of a message
        events._note_all([("message_status", records, None) for records in changed._marketing_targets().values()])
        return result

    def _marketing_feedback(self, kind, **details):
        result = super()._marketing_feedback(kind, **details)
        targets = self._marketing_targets()
        for trace in self.filtered("mass_mailing_id.marketing_step_id"):
            record = targets[trace.model].filtered(lambda target, trace=trace: target.id == trace.res_id)
            if record:
                about = {"step_id": trace.mass_mailing_id.marketing_step_id.id, "trace_id": trace.id}
                if kind == "mail_opened":
                    about["machine"] = trace.marketing_opened_by_machine
                self.env["marketing.automatism.event"]._note(kind, record, {**about, **details})
        return result


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    def _marketing_opted_out(self, recipient, channel):
        result = super()._marketing_opted_out(recipient, channel)
        payload = {"step_id": self.marketing_step_id.id, "channel": channel}
        self.env["marketing.automatism.event"]._note("unsubscribed", recipient, payload)
        return result
