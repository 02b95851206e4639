import re

from odoo import fields, models

TEMPORARY = re.compile(r"\b4\.\d{1,3}\.\d{1,3}\b")  # status codes of RFC 3463
PERMANENT = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")


def is_hard_bounce(report):
    """False when a delivery report names only temporary troubles (4.x.x): the address may be fine."""
    return bool(PERMANENT.search(report or "")) or not TEMPORARY.search(report or "")


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment",
        string="Scenario enrollment",
        index="btree_not_null",
        ondelete="set null",
        help="The run this message was sent in.",
    )

    def set_opened(self, domain=None):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status not in ("open", "reply"))
        result = super(MailingTrace, traces).set_opened()
        fresh._note_feedback("mail_opened")
        return result

    def set_replied(self, domain=None):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status != "reply")
        result = super(MailingTrace, traces).set_replied()
        fresh._note_feedback("mail_replied")
        return result

    def set_bounced(self, domain=None, bounce_message=False):
        traces = self._with(domain)
        fresh = traces.filtered(lambda trace: trace.trace_status != "bounce")
        result = super(MailingTrace, traces).set_bounced(bounce_message=bounce_message)
        if is_hard_bounce(bounce_message):
            for records in fresh._marketing_targets().values():
                records.write({"marketing_invalid_email": True})
        fresh._note_feedback("mail_bounced")
        return result

    def _with(self, domain):
        return self + self.search(domain) if domain else self

    def _of_scenarios(self):
        return self.filtered("mass_mailing_id.marketing_step_id")

    def _marketing_targets(self):
        """``{model: existing contacts or leads}`` of the traces that belong to scenarios."""
        return {
            model: self.env[model].browse(traces.mapped("res_id")).exists()
            for model, traces in self._of_scenarios().grouped("model").items()
        }

    def _note_feedback(self, kind, **payload):
        """Tell the automatisms and waiting conditions what a recipient did (S14)."""
        targets = self._marketing_targets()
        for trace in self._of_scenarios():
            record = targets[trace.model].filtered(lambda target, trace=trace: target.id == trace.res_id)
            if record:
                step = trace.mass_mailing_id.marketing_step_id
                self.env["marketing.automatism.event"]._note(
                    kind, record, {"step_id": step.id, "trace_id": trace.id, **payload}
                )
