"""What people do with a run: pause, resume, move, take out (S12, S42)."""

from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from .. import clock
from ..notice import notice
from . import sql
from .states import LIVE_STATES


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def action_pause(self):
        """Hold the run by hand; its remaining time is kept (S12)."""
        live = self._checked().filtered(lambda enrollment: enrollment.state == "running")
        live._write_unchecked({"state": "paused", "paused_at": clock.now(self.env)})
        live._trace("paused", "by_hand")
        return self._told(live, self.env._("On hold now: %(count)s."))

    def action_resume(self):
        """Go on after ``action_pause``, or try an enrollment in error again."""
        now = clock.now(self.env)
        resumed = self._checked().filtered(lambda e: e.state in ("paused", "error"))
        for enrollment in resumed:
            held = now - enrollment.paused_at if enrollment.paused_at and enrollment.next_run_at else timedelta()
            enrollment._write_unchecked(
                {
                    "state": "running",
                    "paused_at": False,
                    "next_run_at": (enrollment.next_run_at or now) + held,
                    "wait_until": enrollment.wait_until and enrollment.wait_until + held,
                    "wait_from": enrollment.wait_from and enrollment.wait_from + held,
                    "attempts": 0,
                    "error_message": False,
                    "error_stack": False,
                }
            )
        resumed._trace("resumed", "by_hand")
        resumed._look_again()
        self.scenario_id._forget_handled_errors()
        self.env["marketing.scenario.engine"]._wake()
        return self._told(resumed, self.env._("Go on: %(count)s."))

    def action_run_now(self):
        """Look at the enrollment at once instead of at its next moment; a pause ends (S42)."""
        live = self._checked().filtered(lambda enrollment: enrollment.state == "running")
        live._set_moment(clock.now(self.env))
        live._write_unchecked({"is_late": False})
        self.env["marketing.scenario.engine"]._wake()
        return self._told(live, self.env._("Walk on at once: %(count)s."))

    def _set_moment(self, moment):
        """Give running enrollments another next moment by hand. Who waits on a step that would work out its own moment
        again leaves it then (``_early_way_<type>``: by which way out)."""
        for step, mine in self.grouped("step_id").items():
            way = step and step._part("early_way")
            early = mine.filtered("wait_until") if way else mine.browse()
            early._write_unchecked({"next_run_at": moment, "wake_outcome": way})
            (mine - early)._write_unchecked({"next_run_at": moment})

    def action_take_out(self):
        """End the run by hand (S12)."""
        live = self._checked().filtered(lambda enrollment: enrollment.state in LIVE_STATES)
        live._stop("by_hand")
        return self._told(live, self.env._("Taken out: %(count)s."))

    @api.private
    def move_to(self, step):
        """Put live enrollments on another step of their scenario, executed at once (S12, S41).

        :raise UserError: the step belongs to another scenario
        """
        live = self._checked().filtered(lambda enrollment: enrollment.state in LIVE_STATES)
        if self.scenario_id - step.scenario_id:
            raise UserError(self.env._("%(step)s belongs to another scenario.", step=step.name))
        live._trace("moved", "by_hand", message=step.name)
        live._put_on(step)
        self.env["marketing.scenario.engine"]._wake()
        return self._told(live, self.env._("Moved: %(count)s."))

    def _told(self, done, message, barred=()):
        """What became of these runs, as the answer of a button. Of a single one the screen shows it itself.

        :param done: those of them with whom it was done
        :param message: what, with ``%(count)s``
        :param barred: those whose step is why it was not done; of the others it is their state
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        left = Counter(run.step_id.name if run in barred else states[run.state] for run in self - done)
        if not left and len(self) == 1:
            return True
        told = message % {"count": len(done)}
        if left:
            each = [self.env._("%(reason)s: %(count)s", reason=why, count=count) for why, count in left.most_common()]
            told += " " + self.env._("Left as they were: %(reasons)s.", reasons=", ".join(each))
        return notice(told, "warning" if left else "success", sticky=bool(left))

    def _put_on(self, step):
        """Have these live runs execute ``step`` next; nothing of the step they stood on stays with them."""
        self._write_unchecked(
            {
                "step_id": step.id,
                "state": "running",
                "next_run_at": clock.now(self.env),
                "wake_outcome": False,
                "wait_until": False,
                "wait_from": False,
                "is_late": False,
                "wait_reason": False,
                "attempts": 0,
                "error_message": False,
                "error_stack": False,
                "paused_at": False,
            }
        )

    def _look_again(self):
        """Have those that wait for a condition tested again at once: it may have come true while nobody listened.

        :return: how many wait
        """
        self.flush_model()
        waiting = sql.look_again(self.env.cr, self.ids, clock.now(self.env)) if self else 0
        if waiting:
            self.invalidate_model(["next_run_at"])
        return waiting

    def _checked(self):
        """These enrollments, if the current user may change each target (S48).

        :raise AccessError: they may not
        """
        self.check_access("read")
        for records in self._targets().values():
            records.check_access("write")
        return self

    def _stop(self, reason, message=False):
        """End live runs before their end, with a trace (any caller: the reason says why)."""
        self.flush_model()
        if sql.stop(self.env.cr, self.ids, reason, message or None, clock.now(self.env)):
            self.invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()

    def _finish(self, reason):
        """These live runs are over, as planned."""
        self._write_unchecked(
            {
                "state": "done",
                "end_reason": reason,
                "ended_at": clock.now(self.env),
                "next_run_at": False,
                "wake_outcome": False,
                "wait_until": False,
                "wait_reason": False,
                "error_message": False,
                "error_stack": False,
            }
        )

    def _spread(self, duration):
        """Give overdue enrollments evenly spaced moments over ``duration`` from now."""
        now = clock.now(self.env)
        slots = defaultdict(lambda: self.browse())
        minutes = max(int(duration.total_seconds() // 60), 1)
        for number, enrollment in enumerate(self):
            slots[number * minutes // len(self)] += enrollment
        for minute, enrollments in slots.items():
            enrollments._write_unchecked({"next_run_at": now + timedelta(minutes=minute)})

    def _write_unchecked(self, vals):
        # sudo: users have no write right on enrollments; the callers checked the right on the target
        return self.sudo().write(vals)

    def _trace(self, event, reason=False, message=False, step=None, mailing_traces=None, outcome=False):
        """One trace for each of these enrollments: what happened to it beside the engine's way.

        :param event: code, see ``marketing.scenario.trace.event``
        :param step: None: the one it stands on
        :param outcome: the way out by which it leaves the step, when it does
        :param mailing_traces: ``{enrollment id: mailing.trace id}`` of the messages it is about
        """
        # sudo: traces are written by the addon only
        self.env["marketing.scenario.trace"].sudo().create(
            [
                {
                    "enrollment_id": enrollment.id,
                    "scenario_id": enrollment.scenario_id.id,
                    "step_id": (step or enrollment.step_id).id,
                    "event": event,
                    "outcome": outcome,
                    "reason": reason,
                    "message": message,
                    "mailing_trace_id": (mailing_traces or {}).get(enrollment.id),
                    "at": clock.now(self.env),
                }
                for enrollment in self
            ]
        )
