"""The timeline of an enrollment, and the buttons around it (S12, S42)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .states import CONTROL

SHOWN = 200  # latest moments of a run that the timeline shows
SKIPPABLE = ("running", "error")


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    timeline = fields.Json(compute="_compute_timeline", help="Path so far and the planned next moment.")
    can_skip = fields.Boolean(compute="_compute_can_skip")
    why = fields.Char(compute="_compute_why", help="Why it waits, stands in error, or ended.")

    @api.depends("state", "wait_reason", "end_reason", "error_message")
    @api.depends_context("lang")
    def _compute_why(self):
        reasons = dict(self._fields["wait_reason"]._description_selection(self.env))
        for enrollment in self:
            if enrollment.state in ("done", "stopped", CONTROL):
                enrollment.why = reasons.get(enrollment.end_reason, "")
            elif enrollment.state == "paused":
                enrollment.why = self.env._("On hold by hand")
            else:  # who is in error waits for nothing, whatever they waited for before
                waits = enrollment.state == "running" and reasons.get(enrollment.wait_reason)
                enrollment.why = enrollment.error_message or waits or ""

    @api.depends("state", "step_id", "next_run_at", "trace_ids")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for enrollment in self:
            traces = self.env["marketing.scenario.trace"].search(
                [("enrollment_id", "=", enrollment._origin.id)], order="id desc", limit=SHOWN
            )
            rows = [trace._timeline_row() for trace in traces.sorted("id")]
            planned = enrollment._planned_row()
            enrollment.timeline = [*rows, planned] if planned else rows

    def _planned_row(self):
        """The next moment as a row of the timeline, or False when the run is over."""
        if self.state not in ("running", "paused", "error"):
            return False
        step = self.step_id
        reasons = dict(self._fields["wait_reason"]._description_selection(self.env))
        following = step.child_ids.filtered(lambda child: child.outcome == self.wake_outcome)
        what = {
            "running": reasons.get(self.wait_reason) or self.env._("Due"),
            "paused": self.env._("On hold by hand"),
            "error": self.env._("Parked after an error"),
        }[self.state]
        moment = self.next_run_at if self.state == "running" else False
        return {
            "planned": True,
            "at": fields.Datetime.to_string(moment) if moment else False,
            "step": step.name or self.env._("Deleted step"),
            "family": step.family,
            "icon": step.icon,
            "outcome": what,
            "tone": "danger" if self.state == "error" else "info",
            "message": self.error_message or False,
            "then": following.name or False,
        }

    @api.depends("state", "step_id")
    def _compute_can_skip(self):
        for enrollment in self:
            enrollment.can_skip = enrollment.state in SKIPPABLE and len(enrollment.step_id._outcome_codes()) == 1

    def action_skip(self):
        """Leave the present step undone and go on with the next one (S42); steps with several ways out are not skipped.

        :raise UserError: none of the steps has a single way out
        """
        able = self._checked().filtered("can_skip")
        barred = (self - able).filtered(lambda enrollment: enrollment.state in SKIPPABLE)
        if barred and not able:
            names = "”, “".join(barred.step_id.mapped("name"))
            raise UserError(self.env._("“%(step)s” cannot be skipped: choose the way with “Move”.", step=names))
        for step, enrollments in able.grouped("step_id").items():
            [code] = step._outcome_codes()
            enrollments._trace("skipped", "by_hand", outcome=code)
            following = step.child_ids.filtered(lambda child, code=code: child.outcome == code)
            if following:
                enrollments._put_on(following)
            else:
                enrollments._finish("no_next_step")
        self.env["marketing.scenario.engine"]._wake()
        return self._told(able, self.env._("Go on without their step: %(count)s."), barred)

    def action_move(self):
        """Dialog: another step, executed at once (S12, S41).

        :raise UserError: they are in several scenarios
        """
        if len(self.scenario_id) > 1:
            raise UserError(self.env._("These people are in several scenarios. Choose rows of one scenario."))
        return self._action_dialog(self.env._("Move to another step"), "move")

    def action_reschedule(self):
        """Dialog: another next moment (S42)."""
        return self._action_dialog(self.env._("Choose the next moment"), "reschedule")

    def _reschedule(self, moment):
        """Set the next moment of running enrollments by hand."""
        live = self._checked().filtered(lambda enrollment: enrollment.state == "running")
        live._trace("rescheduled", "by_hand")
        live._set_moment(moment)
        self.env["marketing.scenario.engine"]._wake(moment)
        return self._told(live, self.env._("Have another moment: %(count)s."))

    def action_open(self):
        """The timeline, from a list inside another form."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.target_name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_open_target(self):
        """The contact, account or lead."""
        self.ensure_one()
        target = self.partner_id or self.lead_id
        if not target:
            raise UserError(self.env._("The record was deleted."))
        return {
            "type": "ir.actions.act_window",
            "res_model": target._name,
            "res_id": target.id,
            "view_mode": "form",
        }

    def _action_dialog(self, name, mode):
        if not self:
            raise UserError(self.env._("Choose one row at least."))
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "marketing.scenario.enrollment.act",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_enrollment_ids": self.ids, "default_mode": mode},
        }
