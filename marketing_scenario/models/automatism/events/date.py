"""Dates of records (S14): reached, some days before or after, once or every year. Looked at once a day."""

import json
from calendar import isleap
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ....tools import schedule
from ... import clock

KINDS = ("date_reached", "anniversary")
CATCH_UP_DAYS = 31  # days without the server that are made up for


class AutomatismDate(models.Model):
    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("date_reached", "Date reached"), ("anniversary", "Anniversary of a date")],
        ondelete=dict.fromkeys(KINDS, "cascade"),
    )
    date_model = fields.Selection(
        [("res.partner", "Contacts and accounts"), ("crm.lead", "Leads")], string="Of", default="crm.lead"
    )
    date_field = fields.Char("Date field", default="date_deadline")
    date_offset = fields.Integer("Days after", help="Negative: days before the date.")
    date_last_day = fields.Date("Evaluated until", readonly=True, copy=False)

    @api.constrains("event_type", "date_model", "date_field")
    def _check_date_field(self):
        for automatism in self.filtered(lambda automatism: automatism.event_type in KINDS):
            field = automatism._date_field()
            if not field or field.type not in ("date", "datetime") or not field.store:
                raise ValidationError(self.env._("%(name)s: choose a date field of the record.", name=automatism.name))

    @api.model_create_multi
    def create(self, vals_list):
        automatisms = super().create(vals_list)
        automatisms._begin_today()
        return automatisms

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or not vals.keys().isdisjoint(("event_type", "date_model", "date_field", "date_offset")):
            # what passed while it was off, or was another date, is not made up for
            self._begin_today()
        return result

    def _begin_today(self):
        for automatism in self.filtered(lambda automatism: automatism.event_type in KINDS):
            automatism.date_last_day = automatism._today() - timedelta(days=1)

    def _date_field(self):
        return self.env[self.date_model]._fields.get(self.date_field or "") if self.date_model else None

    def _zone(self):
        company = self.company_id or self.env.company
        return pytz.timezone(company._marketing_zone())

    def _today(self):
        """The present day where the company is."""
        now = clock.now(self.env)
        return pytz.utc.localize(now).astimezone(self._zone()).date()

    def _describe_event_date_reached(self):
        return self._describe_date(self.env._("“%(field)s” is reached"))

    def _describe_event_anniversary(self):
        return self._describe_date(self.env._("“%(field)s” has its anniversary"))

    def _describe_date(self, sentence):
        field = self._date_field()
        sentence %= {"field": field._description_string(self.env) if field else self.date_field or ""}
        if self.date_offset > 0:
            sentence = self.env._("%(days)s days after %(event)s", days=self.date_offset, event=sentence)
        elif self.date_offset:
            sentence = self.env._("%(days)s days before %(event)s", days=-self.date_offset, event=sentence)
        models = (self.date_model,) if self.date_model else ("res.partner", "crm.lead")
        return {"models": models, "sentence": sentence}

    def _matches_date_reached(self, events):
        return events.filtered(lambda event: event.automatism_id == self)

    def _matches_anniversary(self, events):
        return events.filtered(lambda event: event.automatism_id == self)

    def _happened_date_reached(self, model):
        return self._dates_between(datetime.min.date(), self._today() - schedule.span(self.date_offset))

    def _happened_anniversary(self, model):
        day = self._today() - schedule.span(self.date_offset)
        return self._anniversaries(day, day)

    @api.model
    def _cron_dates(self):
        """Cron: note the dates reached since the last evaluated day; a day without server is made up for."""
        for automatism in self.search([("event_type", "in", KINDS)]):
            if automatism._date_field():
                automatism._note_dates()
            else:  # its module was uninstalled
                automatism._note_error(self.env._("The field “%(field)s” is gone.", field=automatism.date_field))

    def _note_dates(self):
        today = self._today()
        last = max(self.date_last_day or today - timedelta(days=1), today - timedelta(days=CATCH_UP_DAYS))
        if last >= today:
            return
        offset = schedule.span(self.date_offset)
        first_day, last_day = last + timedelta(days=1) - offset, today - offset
        between = self._dates_between if self.event_type == "date_reached" else self._anniversaries
        ids = self.env[self.date_model].search(between(first_day, last_day)).ids
        payload = json.dumps({"day": fields.Date.to_string(today)})
        self.env["marketing.automatism.event"]._insert(
            [(self.event_type, self.date_model, record_id, payload) for record_id in ids], automatism=self
        )
        self.date_last_day = today

    def _dates_between(self, first, last):
        """Domain: the date lies between two local days, both included."""
        if self._date_field().type == "date":
            return Domain(self.date_field, ">=", first) & Domain(self.date_field, "<=", last)
        return Domain(self.date_field, ">=", self._midnight(first)) & Domain(
            self.date_field, "<", self._midnight(last + timedelta(days=1))
        )

    def _midnight(self, day):
        if day.year < 1900:
            return datetime(1900, 1, 1)
        return self._zone().localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

    def _anniversaries(self, first, last):
        """Domain: an anniversary of the date, not the date itself, lies between two local days, both included.

        Someone born on 29 February has it on the 28th in other years.
        """
        days = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            wanted = [(day.month, day.day)]
            if wanted == [(2, 28)] and not isleap(day.year):
                wanted.append((2, 29))
            before = Domain(self.date_field, "<", day.replace(month=1, day=1))
            for month, number_in_month in wanted:
                days.append(
                    before
                    & Domain(f"{self.date_field}.month_number", "=", month)
                    & Domain(f"{self.date_field}.day_of_month", "=", number_in_month)
                )
        return Domain.OR(days)
