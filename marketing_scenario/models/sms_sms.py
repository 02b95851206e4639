"""SMS of scenarios in Odoo's queue: sender name, and another try after a passing trouble (S21, S44)."""

from datetime import timedelta

from odoo import api, fields, models

from .run import BACK_OFF_MINUTES

PASSING = ("sms_server", "sms_credit", "sms_acc", "unknown")
UNPAID = ("sms_credit", "sms_acc")  # tried every day until someone pays: never lost
INVALID = ("sms_number_format", "sms_invalid_destination")


class SmsSms(models.Model):
    _inherit = "sms.sms"

    marketing_sender_name = fields.Char("Sender name")
    marketing_attempts = fields.Integer("Tries", default=0)
    marketing_retry_at = fields.Datetime("Next try", index="btree_not_null")

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Providers read the sender name in the context (``sms_sender_name``)."""
        for name, sms in self.grouped("marketing_sender_name").items():
            own = sms.with_context(sms_sender_name=name) if name else sms
            super(SmsSms, own)._send(
                unlink_failed=unlink_failed, unlink_sent=unlink_sent, raise_exception=raise_exception
            )
        return None

    def _handle_call_result_hook(self, results):
        result = super()._handle_call_result_hook(results)
        failed = self.filtered(lambda sms: sms.state == "error" and sms.mailing_id.marketing_step_id)
        failed._plan_retries()
        return result

    def _plan_retries(self):
        """Note when each failed SMS is tried again, and say so on the run's timeline."""
        now = self.env["marketing.scenario.engine"]._now()
        traces = self.env["mailing.trace"].search([("trace_type", "=", "sms"), ("sms_id_int", "in", self.ids)])
        enrollments = {trace.sms_id_int: trace.marketing_enrollment_id for trace in traces}
        for sms in self:
            sms.marketing_attempts += 1
            tries = min(sms.marketing_attempts, len(BACK_OFF_MINUTES))
            lost = sms.marketing_attempts > len(BACK_OFF_MINUTES) and sms.failure_type not in UNPAID
            again = sms.failure_type in PASSING and not lost
            moment = now + timedelta(minutes=BACK_OFF_MINUTES[tries - 1])
            sms.marketing_retry_at = again and sms._legal_moment(enrollments.get(sms.id), moment)
        self._note_failures(traces, now)
        moments = [sms.marketing_retry_at for sms in self if sms.marketing_retry_at]
        if moments:
            self.env.ref("marketing_scenario.ir_cron_retry_sms")._trigger(at=min(moments))

    def _legal_moment(self, enrollment, moment):
        """``moment``, or when sending is allowed after it (S31, S32)."""
        openings = self.mailing_id.marketing_step_id._openings(enrollment, moment) if enrollment else {}
        return openings.get(enrollment.id, moment) if openings else moment

    def _note_failures(self, traces, now):
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        failed = {sms.id: sms for sms in self}
        self.env["marketing.scenario.trace"].create(
            [
                {
                    "enrollment_id": trace.marketing_enrollment_id.id,
                    "scenario_id": trace.marketing_enrollment_id.scenario_id.id,
                    "step_id": sms.mailing_id.marketing_step_id.id,
                    "outcome": "retry" if sms.marketing_retry_at else "error",
                    "reason": "retry" if sms.marketing_retry_at else "error",
                    "message": labels.get(sms.failure_type),
                    "mailing_trace_id": trace.id,
                    "at": now,
                }
                for trace in traces.filtered("marketing_enrollment_id")
                # said once, and once more when it is given up
                if (sms := failed[trace.sms_id_int]).marketing_attempts == 1 or not sms.marketing_retry_at
            ]
        )

    @api.model
    def _cron_retry(self):
        """Cron: put SMS whose moment has come back into the queue."""
        now = self.env["marketing.scenario.engine"]._now()
        due = self.search([("marketing_retry_at", "<=", now), ("state", "=", "error")])
        due.write({"marketing_retry_at": False})
        due.action_set_outgoing()
        if due:
            self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    def _update_sms_traces(self, trace_status, failure_type=False, failure_reason=False):
        """A number that the network does not know is marked on the person (S34)."""
        traces = super()._update_sms_traces(trace_status, failure_type=failure_type, failure_reason=failure_reason)
        if failure_type in INVALID:
            for records in traces._marketing_targets().values():
                records.write({"marketing_invalid_phone": True})
        return traces
