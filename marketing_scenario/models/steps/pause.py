from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import schedule
from .. import clock


class StepPause(models.Model):
    """Pause: hours, days, both added, or until a fixed date (S23, R47–R49)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("pause", "Pause")], ondelete={"pause": "cascade"})
    pause_mode = fields.Selection(
        [("duration", "For a time"), ("date", "Until a date")], string="Wait", default="duration", required=True
    )
    pause_days = fields.Integer("Days", help="Ends on the n-th day at the clock time the pause began.")
    pause_hours = fields.Float("Hours", help="0.5 is 30 minutes. Days and hours are added.")
    pause_date = fields.Date("Date", copy=True)
    pause_has_time = fields.Boolean("At a precise time")
    pause_time = fields.Float("Time", help="Without a time the pause ends at 00:01 of that day.")

    pause_preview = fields.Char(
        compute="_compute_pause_preview", help="When a contact who comes to the pause now would leave it."
    )

    _pause_not_negative = models.Constraint(
        "CHECK (coalesce(pause_days, 0) >= 0 AND coalesce(pause_hours, 0) >= 0)",
        "A pause cannot be negative: give days and hours of 0 or more.",
    )
    _pause_time_of_day = models.Constraint(
        "CHECK (coalesce(pause_time, 0) >= 0 AND coalesce(pause_time, 0) < 24)",
        "The time of a pause lies between 00:00 and 23:59.",
    )

    def _describe_pause(self):
        return {
            "family": "pause",
            "place": 10,
            "icon": "fa-clock-o",
            "outcomes": [("next", self.env._("Next"))],
            "waits": self.pause_mode == "duration" and bool(self.pause_days or self.pause_hours),
            "summary": self._pause_summary() if self else "",
        }

    def _pause_summary(self):
        if self.pause_mode == "date":
            if not self.pause_date:
                return ""
            day = format_date(self.env, self.pause_date)
            if not self.pause_has_time:
                return self.env._("until %(day)s", day=day)
            _days, clock = schedule.clock(self.pause_time)
            return self.env._("until %(day)s at %(time)s", day=day, time=clock.strftime("%H:%M"))
        parts = []
        if self.pause_days:
            parts.append(self.env._("%(count)s days", count=self.pause_days))
        if self.pause_hours or not parts:
            parts.append(self.env._("%(count)s hours", count=f"{self.pause_hours:g}"))
        return " + ".join(parts)

    def _validate_pause(self):
        if self.pause_mode == "duration":
            if self.pause_days or self.pause_hours:
                return []
            message = self.env._("the pause has no length. Give days, hours or a date.")
            return [self._issue("empty_pause", message, field="pause_days")]
        if not self.pause_date:
            return [self._issue("empty_pause", self.env._("the pause has no date. Choose one."), field="pause_date")]
        zone = (self.company_id or self.env.company)._marketing_zone()
        if self._dated_moment(zone) <= clock.now(self.env):
            return [
                self._issue(
                    "past_date",
                    self.env._("its date has passed: people who enter now begin with the step behind it."),
                    level="warning",
                    field="pause_date",
                )
            ]
        return []

    def _is_dated_pause(self):
        return self.pause_mode == "date" and bool(self.pause_date)

    def _dated_moment(self, zone):
        """The fixed date as naive UTC for someone in ``zone``."""
        return schedule.fixed(self.pause_date, self.pause_time if self.pause_has_time else None, zone)

    def _pause_end(self, moment, zone):
        """When a pause begun at ``moment`` ends for someone in ``zone``; the screens show this same moment.

        None: each record has its own.
        """
        if self.pause_mode == "date":
            return self._dated_moment(zone) if self.pause_date else moment
        end = schedule.after(moment, zone, self.pause_days, self.pause_hours)
        if self.pause_days and self._leads_to_first_minute():
            end = max(schedule.at_first_minute(end, zone), moment)
        return end

    def _leads_to_first_minute(self):
        """Whether a mail that leaves at 00:01 comes next, behind steps that take no time (R42)."""
        coming, seen = self.child_ids, self
        while coming:
            step, coming = coming[0], coming[1:]
            seen |= step
            if step._part("leaves_at_first_minute"):
                return True
            facts = step._describe()
            if not (facts.get("channel") or facts.get("waits") or step._is_dated()):
                coming |= (step.child_ids | step._jump_target()) - seen
        return False

    def _execute_pause(self, decisions, enrollments):
        ends = {}
        for enrollment_id, zone in enrollments._zones().items():
            if zone not in ends:
                ends[zone] = (self._pause_end(decisions.now, zone), [])
            ends[zone][1].append(enrollment_id)
        for end, ids in ends.values():
            if end > decisions.now:
                decisions.wait(enrollments.browse(ids), end, wake="next", reason="pause")
            else:
                decisions.advance(enrollments.browse(ids))

    def _moments_anew_pause(self, enrollments):
        ends, moments = {}, {}
        zones = enrollments._zones()
        for run in enrollments.filtered(lambda run: run.wait_reason == "pause"):
            key = run.wait_from or run.entered_at, zones[run.id]
            if key not in ends:
                ends[key] = self._pause_end(*key)
            if ends[key]:  # else no setting of the step alone decides
                moments[run.id] = ends[key], False
        return moments

    @api.depends("step_type", "pause_mode", "pause_days", "pause_hours", "pause_date", "pause_has_time", "pause_time")
    @api.depends_context("tz", "lang")
    def _compute_pause_preview(self):
        now = clock.now(self.env)
        zone = self.env.user.tz or (self.company_id[:1] or self.env.company)._marketing_zone()
        for step in self:
            step.pause_preview = False
            if step.step_type != "pause" or step.pause_mode == "date" and not step.pause_date:
                continue
            end = step._pause_end(now, zone)
            if not end:
                continue
            if end <= now:
                step.pause_preview = self.env._("A contact entering now goes on at once.")
            else:
                step.pause_preview = self.env._(
                    "A contact entering now leaves this pause on %(moment)s.",
                    moment=clock.in_words(self.env, end, zone),
                )
