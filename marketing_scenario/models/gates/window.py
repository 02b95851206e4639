from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import schedule
from .. import clock

WAITS = ("outside_window", "best_hour")  # reasons of those who sleep on a step until a message may leave
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class MarketingWindow(models.Model):
    """Hours and days on which messages may go (S31)."""

    _name = "marketing.window"
    _description = "Sending window"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    hour_from = fields.Float("From", default=9.0, required=True)
    hour_to = fields.Float("To", default=18.0, required=True)
    monday = fields.Boolean(default=True)
    tuesday = fields.Boolean(default=True)
    wednesday = fields.Boolean(default=True)
    thursday = fields.Boolean(default=True)
    friday = fields.Boolean(default=True)
    saturday = fields.Boolean()
    sunday = fields.Boolean()
    skip_holidays = fields.Boolean(
        "Not on company holidays", default=True, help="Public holidays of the company's working hours."
    )

    _hours_valid = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_to <= 24 AND hour_from < hour_to)",
        "The hours of a sending window must lie between 00:00 and 24:00, the first before the last.",
    )
    _some_day = models.Constraint(
        "CHECK (monday OR tuesday OR wednesday OR thursday OR friday OR saturday OR sunday)",
        "A sending window needs at least one day: it would never open.",
    )

    def _as_schedule(self, company):
        """This window as plain data for ``tools.schedule`` (holidays of ``company``)."""
        self.ensure_one()
        return schedule.Window(
            hour_from=self.hour_from,
            hour_to=self.hour_to,
            weekdays=frozenset(number for number, day in enumerate(WEEKDAYS) if self[day]),
            holidays=company._marketing_holidays() if self.skip_holidays else frozenset(),
        )

    def action_recalculate(self):
        """Dialog: the moments of those who wait for these hours, counted anew (S41).

        :raise AccessError: the user may not change the window
        """
        self.check_access("write")
        return self.env["marketing.scenario.step"]._action_recalculate(window_ids=self.ids)

    def _waiting_domain(self):
        """The people who wait for one of these windows: the step's, else the scenario's, else the company's."""
        mine = [("wait_reason", "in", WAITS)]
        no_step = Domain("step_id.window_id", "=", False)
        no_scenario = no_step & Domain("scenario_id.window_id", "=", False)
        return Domain(mine) & (
            Domain("step_id.window_id", "in", self.ids)
            | no_step & Domain("scenario_id.window_id", "in", self.ids)
            | no_scenario & Domain("company_id.marketing_window_id", "in", self.ids)
            | no_scenario
            & Domain("company_id", "=", False)
            & Domain(Domain.TRUE if self.env.company.marketing_window_id in self else Domain.FALSE)
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_window_id = fields.Many2one("marketing.window", string="Default sending window")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    keeps_hours = fields.Boolean(
        "Only in opening hours",
        help="Outside of the hours of the step's, the scenario's or the company's window, people wait here for them.",
    )
    can_keep_hours = fields.Boolean("May keep hours", compute="_compute_can_keep_hours")

    @api.depends("step_type")
    def _compute_can_keep_hours(self):
        """Actions choose; messages always keep their hours."""
        for step in self:
            step.can_keep_hours = step.family == "action"

    def _execute_in_company(self, decisions, enrollments):
        if self.keeps_hours and self.can_keep_hours and not self._channel():
            enrollments = self._pass_window(decisions, enrollments, None)
        return super()._execute_in_company(decisions, enrollments) if enrollments else None

    @api.depends("keeps_hours")
    def _compute_description(self):
        result = super()._compute_description()
        for step in self.filtered("keeps_hours"):
            step.summary = " · ".join(filter(None, [step.summary, self.env._("in opening hours")]))
        return result

    def _validate(self):
        issues = super()._validate()
        if self.keeps_hours and not (
            self.window_id or self.scenario_id.window_id or (self.company_id or self.env.company).marketing_window_id
        ):
            message = self.env._("no opening hours are set: it waits for none. Choose a window.")
            issues = [*issues, self._issue("no_hours", message, level="warning", field="window_id")]
        return issues

    def _pass_window(self, decisions, enrollments, _channel):
        """Let those outside their sending window sleep until it opens; return the others (S31)."""
        openings = self._openings(enrollments, decisions.now)
        departures = self._departures(enrollments, openings, decisions.now)
        later = {i: moment for i, moment in departures.items() if moment > decisions.now}
        closed = [i for i, moment in later.items() if moment == openings[i]]
        chosen = [i for i, moment in later.items() if moment != openings[i]]
        decisions.wait(enrollments.browse(closed), later, reason="outside_window")
        decisions.wait(enrollments.browse(chosen), later, reason="best_hour")
        return enrollments.browse([i for i in enrollments.ids if i not in later])

    def _departures(self, enrollments, openings, moment):
        """Hook: ``{enrollment id: when its message leaves}``, no earlier than its opening from ``moment`` on."""
        return openings

    def _openings(self, enrollments, moment):
        """``{enrollment id: naive UTC datetime}``: the next moment from ``moment`` on which the message may go.

        The step's window, else the scenario's, else the company's; in each target's time zone (S30, S31). A type may
        have its own answer (``_openings_<type>``).
        """
        own = self._part("openings", enrollments, moment)
        if own is not None:
            return own
        chosen = self.window_id or self.scenario_id.window_id
        companies = enrollments.company_id | self.env.company
        windows = {company: chosen or company.marketing_window_id for company in companies}
        if not any(windows.values()):
            return dict.fromkeys(enrollments.ids, moment)  # nobody's time zone matters
        zones = enrollments._zones()
        openings = {}
        cache = {}
        for enrollment in enrollments:
            company = enrollment.company_id or self.env.company
            key = zones[enrollment.id], company
            if key not in cache:
                window = windows[company]
                cache[key] = schedule.next_opening(moment, key[0], window._as_schedule(company)) if window else moment
            openings[enrollment.id] = cache[key]
        return openings

    def _moments_anew(self, enrollments):
        outside = enrollments.filtered(lambda run: run.wait_reason in WAITS)
        moments = super()._moments_anew(enrollments - outside)
        now = clock.now(self.env)
        for wanted, runs in outside.grouped(lambda run: run.wait_from or now).items():
            try:
                departures = self._departures(runs, self._openings(runs, wanted), wanted)
                # it would have left meanwhile: then the next time it may
                passed = runs.browse([i for i, moment in departures.items() if moment < now])
                departures |= self._departures(passed, self._openings(passed, now), now)
            except schedule.NeverOpens:  # the check of the scenario says so
                continue
            moments |= {i: (moment, False) for i, moment in departures.items()}
        return moments


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def _zones(self):
        """``{enrollment id: time zone name}`` of each target (S30)."""
        # sudo: the moment must not depend on who may see the salesperson or the company
        enrollments = self.sudo()
        for records in enrollments._targets().values():
            records.fetch(records._marketing_zone_fields)  # not the whole records, as reading one field would
        return {enrollment_id: target._marketing_zone() for target, enrollment_id in enrollments._pairs()}
