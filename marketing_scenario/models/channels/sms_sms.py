"""SMS of scenarios in Odoo's queue: sender name, and another try after a passing trouble (S21, S44)."""

from collections import defaultdict

from odoo import api, fields, models

from .. import clock
from ..conflicts import CONFLICT_TRIES, CONFLICTS
from ..engine import back_off
from ..engine.drain import drain
from . import sql
from .last_gate import HELD, MESSAGE_KINDS

PASSING = ("sms_server", "sms_credit", "sms_acc", "unknown")
AGAIN = ("error", HELD)
UNPAID = ("sms_credit", "sms_acc")  # tried every day until someone pays: never lost


class SmsSms(models.Model):
    _inherit = "sms.sms"

    marketing_message = fields.Selection(
        MESSAGE_KINDS, "Marketing message", copy=False, help="What this addon queued, and tries again."
    )
    state = fields.Selection(selection_add=[(HELD, "Held back")], ondelete={HELD: "cascade"})
    marketing_sender_name = fields.Char("Sender name")
    marketing_attempts = fields.Integer("Tries", default=0)
    marketing_retry_at = fields.Datetime("Next try", index="btree_not_null")

    # what is released when a scenario goes on
    _marketing_held_idx = models.Index("(mailing_id) WHERE state = 'held'")

    @api.model
    def _process_queue(self):
        """Odoo's job; a conflict in the last gate, as with a merge, comes before anything left: once more."""
        for tries_left in reversed(range(CONFLICT_TRIES)):
            try:
                return super()._process_queue()
            except CONFLICTS as conflict:
                if not tries_left or not getattr(conflict, "nothing_left", False):
                    raise
                self.env.cr.rollback()

    def _send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Every way to send comes here: SMS of scenarios pass the last gate first (S52).

        Providers read the sender name in the context (``sms_sender_name``).
        """
        try:
            passed = self._pass_last_gate()
            self.env.flush_all()  # what the gate wrote meets its conflict here
        except CONFLICTS as conflict:
            conflict.nothing_left = True
            raise
        for name, sms in passed.grouped("marketing_sender_name").items():
            own = sms.with_context(sms_sender_name=name) if name else sms
            super(SmsSms, own)._send(
                unlink_failed=unlink_failed, unlink_sent=unlink_sent, raise_exception=raise_exception
            )
        return None

    def _pass_last_gate(self):
        """:return: those of these SMS that may leave now; the others are cancelled or held back"""
        # sudo: asked before any sending, no matter by whom
        ours = self.sudo().filtered(lambda sms: sms.marketing_message == "step")
        if not ours:
            return self
        traces = ours.env["mailing.trace"].search([("trace_type", "=", "sms"), ("sms_id_int", "in", ours.ids)])
        failures, held = traces._last_gate("sms")
        # nobody may keep what leaves now from being known as sent, or it would leave again
        sql.hold(self.env.cr, [], traces.ids)
        sms_of = {trace.id: trace.sms_id_int for trace in traces}
        untraced = set(ours.ids) - set(sms_of.values())  # the mailing was deleted, and with it all that could be asked
        refused = {sms_of[trace_id]: failure for trace_id, failure in failures.items()}
        refused |= dict.fromkeys(untraced, "unknown")
        for failure in set(refused.values()):
            cancelled = ours.browse([sms_id for sms_id, own in refused.items() if own == failure])
            cancelled.write({"state": "canceled", "failure_type": failure, "marketing_retry_at": False})
        waiting = {sms_of[trace_id]: moment for trace_id, moment in held.items()}
        for moment in set(waiting.values()):
            sleeping = ours.browse([sms_id for sms_id, own in waiting.items() if own == moment])
            sleeping.write({"state": HELD, "marketing_retry_at": moment})
            if moment:
                self.env.ref("marketing_scenario.ir_cron_retry_sms").sudo()._trigger(at=moment)
        return self.filtered(lambda sms: sms.id not in refused and sms.id not in waiting)

    def _handle_call_result_hook(self, results):
        result = super()._handle_call_result_hook(results)
        failed = self.filtered(lambda sms: sms.state == "error" and sms.marketing_message)
        failed._plan_retries()
        return result

    def _plan_retries(self):
        """Note when each failed SMS is tried again, and say so on the run's timeline."""
        now = clock.now(self.env)
        traces = self.env["mailing.trace"].search([("trace_type", "=", "sms"), ("sms_id_int", "in", self.ids)])
        enrollments = {trace.sms_id_int: trace.marketing_enrollment_id for trace in traces}
        for sms in self:
            sms.marketing_attempts += 1
            again = back_off.next_try(sms.marketing_attempts, now) if sms.failure_type in PASSING else None
            if not again and sms.failure_type in UNPAID:
                again = now + back_off.DELAYS[-1]
            sms.marketing_retry_at = again and sms._legal_moment(enrollments.get(sms.id), again)
        self._note_failures(traces)
        moments = [sms.marketing_retry_at for sms in self if sms.marketing_retry_at]
        if moments:
            self.env.ref("marketing_scenario.ir_cron_retry_sms")._trigger(at=min(moments))

    def _legal_moment(self, enrollment, moment):
        """``moment``, or when sending is allowed after it (S31, S32)."""
        openings = self.mailing_id.marketing_step_id._openings(enrollment, moment) if enrollment else {}
        return openings.get(enrollment.id, moment) if openings else moment

    def _note_failures(self, traces):
        """Each failure stands on the run's timeline: once, and once more when it is given up."""
        labels = dict(self._fields["failure_type"]._description_selection(self.env))
        failed = {sms.id: sms for sms in self}
        groups = defaultdict(dict)
        for trace in traces.filtered("marketing_enrollment_id"):
            sms = failed[trace.sms_id_int]
            if sms.marketing_attempts == 1 or not sms.marketing_retry_at:
                event = "retry" if sms.marketing_retry_at else "error"
                key = event, labels.get(sms.failure_type), sms.mailing_id.marketing_step_id
                groups[key][trace.marketing_enrollment_id.id] = trace.id
        for (event, message, step), mailing_traces in groups.items():
            enrollments = self.env["marketing.scenario.enrollment"].browse(mailing_traces)
            enrollments._trace(event, event, message=message, step=step, mailing_traces=mailing_traces)

    @api.model
    def _cron_retry(self):
        """Cron: put SMS whose moment has come back into the queue."""

        def work():
            due = self.search([("marketing_retry_at", "<=", clock.now(self.env)), ("state", "in", AGAIN)], limit=1000)
            due.write({"marketing_retry_at": False})
            due.action_set_outgoing()
            if due:
                self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()
            return len(due)

        def next_at():
            failed = [("marketing_retry_at", "!=", False), ("state", "in", AGAIN)]
            return self.search(failed, order="marketing_retry_at", limit=1).marketing_retry_at

        drain(self.env.ref("marketing_scenario.ir_cron_retry_sms"), work, next_at)
