"""Dormant (S14): no activity for some days. Each fact is looked at once, when the days after it are over."""

import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ....tools import schedule
from ... import clock
from .. import sql

CATCH_UP_DAYS = 31  # days without the server that are made up for


class AutomatismDormant(models.Model):
    """A contact, account or lead is dormant when the last fact about it is some days old: once, until the next fact."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("dormant", "No activity for some days")], ondelete={"dormant": "cascade"}
    )
    dormant_model = fields.Selection(
        [("res.partner", "Contacts and accounts"), ("crm.lead", "Leads")], string="Dormant are", default="crm.lead"
    )
    dormant_days = fields.Integer(
        "Days without activity",
        default=90,
        help="Activity is an email received, a message or note of a colleague, an activity planned or done, another "
        "stage, a form filled, a link clicked, a call. Messages of scenarios are none. What happens to a lead is "
        "activity of its contact, too, what happens to a contact is activity of its leads and of its account.",
    )
    dormant_until = fields.Datetime("Dormancy evaluated until", readonly=True, copy=False)

    _dormant_days_positive = models.Constraint(
        "CHECK (event_type <> 'dormant' OR dormant_days > 0)",
        "Days without activity: give at least 1.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        automatisms = super().create(vals_list)
        automatisms._begin_dormant()
        return automatisms

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") or not vals.keys().isdisjoint(("event_type", "dormant_model", "dormant_days")):
            # who fell asleep while it was off, or by another number of days, is not made up for
            self._begin_dormant()
        return result

    def _begin_dormant(self):
        self.filtered(lambda auto: auto.event_type == "dormant").dormant_until = clock.now(self.env)

    def _describe_event_dormant(self):
        sentence = self.env._("nothing has happened for %(days)s days", days=self.dormant_days)
        return {
            "models": (self.dormant_model,) if self.dormant_model else ("res.partner", "crm.lead"),
            "sentence": sentence,
        }

    def _matches_dormant(self, events):
        return events.filtered(lambda event: event.automatism_id == self)

    def _happened_dormant(self, model):
        until = clock.now(self.env) - schedule.span(self.dormant_days)
        self.env.flush_all()
        return Domain("id", "in", sql.asleep(model, self._facts(), until))

    @api.model
    def _facts(self):
        return {model: self.env[model]._activity_facts() for model in ("res.partner", "crm.lead")}

    @api.model
    def _cron_dormant(self):
        """Cron: note who fell asleep since the last evaluation."""
        for automatism in self.search([("event_type", "=", "dormant")]):
            automatism._note_dormant()

    def _note_dormant(self):
        now = clock.now(self.env)
        last = max(self.dormant_until or now, now - timedelta(days=CATCH_UP_DAYS))
        if last >= now:
            return
        days = schedule.span(self.dormant_days)
        self.env.flush_all()
        ids = sql.fell_asleep(self.env.cr, self.dormant_model, self._facts(), last - days, now - days)
        payload = json.dumps({"since": fields.Datetime.to_string(now - days)})
        self.env["marketing.automatism.event"]._insert(
            [("dormant", self.dormant_model, record_id, payload) for record_id in ids], automatism=self
        )
        self.dormant_until = now


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _activity_facts(self):
        """Hook: what counts as activity of these records, each room its own.

        :return: list of SQL sub-selects ``(id of the record, at)``, each with an index on its moment
        """
        return sql.facts(self._name)
