"""A pause until a date of the record itself, some time before or after it: a closing date, a birthday (S23)."""

from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models, tools

from ...tools import schedule
from .. import clock

LOOK_AGAIN = timedelta(days=1)  # for what no write announces: a computed date, a date that somebody may fill in
GRACE = timedelta(days=2)  # a run that is late for its moment has reached it all the same
SETTINGS = {"step_type", "pause_mode", "pause_partner_date", "pause_lead_date"}


class StepPauseRecordDate(models.Model):
    _inherit = "marketing.scenario.step"

    pause_mode = fields.Selection(
        selection_add=[("record", "Until a date of the record")], ondelete={"record": "set default"}
    )
    pause_partner_date = fields.Selection(selection="_pause_partner_dates", string="Date of contacts and accounts")
    pause_lead_date = fields.Selection(
        selection="_pause_lead_dates", string="Date of leads", help="Empty: the date of the lead's contact."
    )
    pause_shift = fields.Integer("Interval", help="0: on the date itself.")
    pause_shift_unit = fields.Selection(
        [("hours", "hours"), ("days", "days"), ("weeks", "weeks"), ("months", "months")],
        "Unit of the interval",
        default="days",
        required=True,
    )
    pause_shift_side = fields.Selection(
        [("before", "before the date"), ("after", "after the date")], "Before or after", default="before", required=True
    )
    pause_yearly = fields.Boolean("Every year", help="Waits for the next time that day comes, as for a birthday.")
    pause_no_date = fields.Selection(
        [
            ("wait", "Wait until it is filled in"),
            ("go_on", "Go on at once"),
            ("leave", "Leave the scenario"),
        ],
        "When the date is empty",
        default="wait",
        required=True,
    )
    pause_date_passed = fields.Selection(
        [("go_on", "Go on at once"), ("leave", "Leave the scenario")],
        "When the moment has passed",
        default="go_on",
        required=True,
    )

    _pause_shift_range = models.Constraint(
        "CHECK (coalesce(pause_shift, 0) BETWEEN 0 AND 9999)",
        "The interval before or after a date lies between 0 and 9999.",
    )

    def _pause_partner_dates(self):
        return self.env["res.partner"]._date_fields()

    def _pause_lead_dates(self):
        return self.env["crm.lead"]._date_fields()

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._awaited_dates_changed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if not SETTINGS.isdisjoint(vals):
            self._awaited_dates_changed()
        return result

    def _awaited_dates_changed(self):
        if any(step.pause_partner_date or step.pause_lead_date for step in self):
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("model")
    def _awaited_dates(self, model):
        """Names of the fields of ``model`` for which a pause waits: their changes are followed."""
        field = self._record_date_setting(model)
        # sudo: does not depend on who asks
        steps = self.sudo().search_fetch([("pause_mode", "=", "record"), (field, "!=", False)], [field])
        return frozenset(steps.mapped(field)) & self.env[model]._fields.keys()

    def _record_date_setting(self, model):
        return "pause_lead_date" if model == "crm.lead" else "pause_partner_date"

    def _record_date_field(self, target):
        """``(record, field)``: where the date of this target stands; field None when nothing is set for it."""
        name = self[self._record_date_setting(target._name)]
        if not name and target._name == "crm.lead":
            target, name = target.partner_id, self.pause_partner_date
        return target, target._fields.get(name or "")

    # -- the moment -----------------------------------------------------------------------------------------------

    def _record_moment(self, value, zone, since):
        """When someone in ``zone`` leaves this pause, as naive UTC.

        :param value: the date or moment on the record
        :param since: of a date that comes every year, the first one from this moment on counts
        """
        local = schedule.to_local(value, zone) if isinstance(value, datetime) else None
        if self.pause_has_time or not local:
            local = schedule.at(local.date() if local else value, self.pause_time if self.pause_has_time else None)
        amount = -self.pause_shift if self.pause_shift_side == "before" else self.pause_shift
        if not self.pause_yearly:
            return schedule.moved(local, zone, amount, self.pause_shift_unit)
        return schedule.next_anniversary(local, zone, amount, self.pause_shift_unit, since)

    def _execute_pause(self, decisions, enrollments):
        if self.pause_mode != "record":
            return super()._execute_pause(decisions, enrollments)
        ends, looks, ways = self._record_moments(enrollments, decisions.awaited(enrollments), decisions.now)
        decisions.wait(enrollments.browse(ends), looks, reason="pause", deadline=ends)
        decisions.advance(enrollments.browse(ways["reached"]))
        self._decide_without(decisions, enrollments.browse(ways["date_passed"]), self.pause_date_passed, "date_passed")
        self._decide_without(decisions, enrollments.browse(ways["no_date"]), self.pause_no_date, "no_date")
        return None

    def _moments_anew_pause(self, enrollments):
        """Looked at again at once: the date is read anew then."""
        if self.pause_mode != "record":
            return super()._moments_anew_pause(enrollments)
        now = clock.now(self.env)
        waiting = enrollments.filtered(lambda run: run.wait_reason == "pause")
        ends, _looks, ways = self._record_moments(waiting, {run.id: run.wait_until for run in waiting}, now)
        return {i: (now, end) for i, end in ends.items()} | {
            i: (now, now) for way in ("reached", "date_passed") for i in ways[way]
        }

    def _record_moments(self, enrollments, known, now):
        """When each of these leaves the pause.

        :param known: ``{enrollment id: moment}`` of those that wait already, as it was said then
        :return: ``({enrollment id: end}, {enrollment id: when to look again}, {why: ids of those that do not wait})``
        """
        zones = enrollments._zones()
        ends, looks, ways = {}, {}, defaultdict(list)
        # sudo: the moment must not depend on who may see the record
        for target, enrollment_id in self._with_dates(enrollments.sudo())._pairs():
            record, field = self._record_date_field(target)
            value = field and record[field.name]
            if not value:
                ways["no_date"].append(enrollment_id)
                continue
            awaited = known.get(enrollment_id)
            since = min(now, awaited - GRACE) if awaited else now
            moment = self._record_moment(value, zones[enrollment_id], since)
            if moment > now:
                ends[enrollment_id] = moment
                looks[enrollment_id] = min(moment, now + LOOK_AGAIN) if field.compute else moment
            else:
                ways["reached" if moment >= since else "date_passed"].append(enrollment_id)
        return ends, looks, ways

    def _with_dates(self, enrollments):
        """The same enrollments, the dates of their targets read in one statement a model."""
        for records in enrollments._targets().values():
            name = self[self._record_date_setting(records._name)]
            if name in records._fields:
                records.fetch([name])
        return enrollments

    def _decide_without(self, decisions, enrollments, choice, reason):
        if choice == "go_on":
            decisions.advance(enrollments, reason=reason)
        elif choice == "leave":
            decisions.stop(enrollments, reason)
        else:
            # with a deadline: who waits for a fact is looked at as soon as it changes
            until = decisions.now + LOOK_AGAIN
            decisions.wait(enrollments, until, reason=reason, deadline=until)

    def _early_way_pause(self):
        return "next"

    # -- what people see ------------------------------------------------------------------------------------------

    def _pause_end(self, moment, zone):
        return None if self.pause_mode == "record" else super()._pause_end(moment, zone)

    def _pause_summary(self):
        if self.pause_mode != "record":
            return super()._pause_summary()
        names = dict.fromkeys(
            self.env[model]._fields[name]._description_string(self.env)
            for model in ("res.partner", "crm.lead")
            if (name := self[self._record_date_setting(model)]) in self.env[model]._fields
        )
        date = " / ".join(names) or "…"
        if self.pause_yearly:
            date = self.env._("each anniversary of %(date)s", date=date)
        if not self.pause_shift:
            return self.env._("on %(date)s", date=date)
        sentences = {
            ("hours", "before"): self.env._("%(count)s hours before %(date)s", count=self.pause_shift, date=date),
            ("hours", "after"): self.env._("%(count)s hours after %(date)s", count=self.pause_shift, date=date),
            ("days", "before"): self.env._("%(count)s days before %(date)s", count=self.pause_shift, date=date),
            ("days", "after"): self.env._("%(count)s days after %(date)s", count=self.pause_shift, date=date),
            ("weeks", "before"): self.env._("%(count)s weeks before %(date)s", count=self.pause_shift, date=date),
            ("weeks", "after"): self.env._("%(count)s weeks after %(date)s", count=self.pause_shift, date=date),
            ("months", "before"): self.env._("%(count)s months before %(date)s", count=self.pause_shift, date=date),
            ("months", "after"): self.env._("%(count)s months after %(date)s", count=self.pause_shift, date=date),
        }
        return sentences[self.pause_shift_unit, self.pause_shift_side]

    def _validate_pause(self):
        if self.pause_mode != "record":
            return super()._validate_pause()
        labels = {
            "res.partner": self.env._("contacts and accounts"),
            "crm.lead": self.env._("leads"),
        }
        return [
            self._issue("no_date_field", self.env._("no date is chosen for %(kind)s. Choose one.", kind=labels[model]))
            for model in self.scenario_id._target_models()
            if not self._record_date_field(self.env[model])[1]
        ]


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_watched_by_name(self):
        return super()._marketing_watched_by_name() | self.env["marketing.scenario.step"]._awaited_dates(self._name)

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        dates = self.env["marketing.scenario.step"]._awaited_dates(self._name) & changes.keys()
        self.browse({record_id for name in dates for record_id in changes[name]})._marketing_look_again()
        return result
