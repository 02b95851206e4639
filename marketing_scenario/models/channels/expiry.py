"""A message that could not leave in time does not leave late: it is skipped, at its step and at the last gate (S29)."""

from odoo import fields, models

from ...tools import schedule
from .. import clock

REASON = "expired"


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    expiry_days = fields.Integer("Days to be sent", help="With the hours: how late it may still leave. 0: no limit.")
    expiry_hours = fields.Float("Hours to be sent", help="0.5 is 30 minutes. Days and hours are added.")
    expiry_at = fields.Datetime("Not after", help="Who comes to the message after this moment goes on without it.")

    _expiry_not_negative = models.Constraint(
        "CHECK (coalesce(expiry_days, 0) >= 0 AND coalesce(expiry_hours, 0) >= 0)",
        "How late a message may leave cannot be negative: give days and hours of 0 or more.",
    )

    def _lifespan(self):
        return schedule.span(self.expiry_days, self.expiry_hours)

    def _expires(self):
        return bool(self._lifespan() or self.expiry_at)

    def _validate(self):
        issues = super()._validate()
        if self.expiry_at and self.expiry_at <= clock.now(self.env):
            message = self.env._("“Not after” has passed: nobody gets this message any more. Choose a later moment.")
            issues.append(self._issue("expired", message, level="warning"))
        return issues

    def _pass_gates(self, decisions, enrollments, channel):
        """Those whose time is over go on without the message; who has to wait waits no longer than that."""
        if not self._expires():
            return super()._pass_gates(decisions, enrollments, channel)
        ends = decisions.keep_deadlines(self._expiries(enrollments, decisions.now))
        expired = enrollments.filtered(lambda enrollment: ends[enrollment.id] <= decisions.now)
        decisions.pass_over(expired, REASON)
        passed = super()._pass_gates(decisions, enrollments - expired, channel)
        decisions.wait_no_longer(ends)
        return passed

    def _moments_anew(self, enrollments):
        moments = super()._moments_anew(enrollments)
        if not self._expires():
            return moments
        ends = {run.id: self._expiry(run.wait_from or run.entered_at) for run in enrollments}
        return {i: (min(moment, ends[i]), ends[i]) for i, (moment, _deadline) in moments.items()}

    def _expiries(self, enrollments, now):
        """``{enrollment id: moment}`` from which on the message is not sent; counted from when it was due."""
        return {run.id: self._expiry(min(run.next_run_at or now, now)) for run in enrollments}

    def _expiry(self, due):
        lifespan = self._lifespan()
        return min(filter(None, (lifespan and due + lifespan, self.expiry_at)))

    def _execute_in_company(self, decisions, enrollments):
        expires = self._expires()  # asked before: a step may delete itself
        result = super()._execute_in_company(decisions, enrollments)
        if expires:
            self._note_expiries(decisions)
        return result

    def _note_expiries(self, decisions):
        """The last gate, too, must know until when a queued message may leave."""
        queued = {
            enrollment_id: trace_id
            for _kind, _ids, details in decisions.taken
            for enrollment_id, trace_id in details.get("mailing_traces", {}).items()
        }
        ends = decisions.awaited(self.env["marketing.scenario.enrollment"].browse(queued))
        # sudo: traces belong to the addon, no matter who runs the step
        traces = self.env["mailing.trace"].sudo()
        for moment in set(ends.values()):
            ids = [queued[enrollment_id] for enrollment_id, end in ends.items() if end == moment]
            traces.browse(ids).write({"marketing_expires_at": moment})


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_expires_at = fields.Datetime("Not sent after", readonly=True)

    def _last_refusals(self, channel):
        now = clock.now(self.env)
        late = self.filtered(lambda trace: trace.marketing_expires_at and trace.marketing_expires_at <= now)
        refused = super(MailingTrace, self - late)._last_refusals(channel)
        return {**refused, **dict.fromkeys(late.ids, REASON)}
