"""The scenarios page (S6): what its list shows beside the settings, and the automations and forms above it."""

from datetime import datetime, time, timedelta

from odoo import api, fields, models

from ...tools.schedule import to_local, to_utc, zone_of
from .. import clock
from ..gates.frequency_cap import CHANNELS
from . import sql

SHOWN = 80  # of each kind; more are on the pages of their own
DAYS = 7  # that are looked forward to


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    last_activity_at = fields.Datetime(
        "Last activity", compute="_compute_last_activity_at", help="When somebody last entered, moved or left."
    )

    def _compute_last_activity_at(self):
        moments = sql.last_moments(self.env.cr, self._origin.ids)
        for scenario in self:
            scenario.last_activity_at = moments.get(scenario._origin.id)

    @api.model
    def page_facts(self):
        """The automations and forms beside the scenarios, with their state.

        :return: ``{"automations": [{"id", "name", "sentence", "active", "fired", "errors"}], "forms": [{"id", "name",
            "active", "fills", "views"}], "editable": whether the user may switch them}``
        """
        everything = self.with_context(active_test=False).env
        automations = everything["marketing.automatism"].search([], limit=SHOWN, order="active desc, sequence, id")
        forms = everything["marketing.engagement.point"].search([], limit=SHOWN, order="active desc, name, id")
        return {
            "automations": [
                {
                    "id": automation.id,
                    "name": automation.name,
                    "sentence": automation.sentence or "",
                    "active": automation.active,
                    "waits": automation.opens_with_id.name or "",
                    "fired": automation.fired_count,
                    "errors": automation.parked_count,
                }
                for automation in automations
            ],
            "forms": [
                {
                    "id": form.id,
                    "name": form.name,
                    "active": form.active,
                    "fills": form.fill_count,
                    "views": form.view_count,
                }
                for form in forms
            ],
            "editable": automations.has_access("write") and forms.has_access("write"),
        }

    @api.model
    def next_days(self):
        """What is due in the next days in the active scenarios that the user sees, in the user's time zone.

        :return: ``[{"day", "people", "messages", "since", "until"}]``, today first; ``since`` and ``until`` bound the
            day in UTC. Today counts those who are late, and has no ``since``
        """
        scenarios = self.search([("state", "=", "active")])
        steps = self.env["marketing.scenario.step"]
        kinds = [code for code, _label in steps._fields["step_type"]._description_selection(self.env)]
        messages = [code for code in kinds if steps._describe(code).get("channel") in CHANNELS]
        now, zone = clock.now(self.env), zone_of(self.env.user.tz).key
        today = to_local(now, zone).date()
        days = [today + timedelta(days=number) for number in range(DAYS + 1)]
        bounds = [to_utc(datetime.combine(day, time()), zone) for day in days]
        self.env.flush_all()
        # figures only: the same for all who see the scenarios
        rows = sql.coming(self.env.cr, scenarios.ids, now, bounds[-1], zone, messages)
        counts = {day: {"people": people, "messages": count} for day, people, count in rows}
        return [
            {
                "day": fields.Date.to_string(day),
                **counts.get(day, {"people": 0, "messages": 0}),
                "since": fields.Datetime.to_string(since) if day != today else False,
                "until": fields.Datetime.to_string(until),
            }
            for day, since, until in zip(days, bounds, bounds[1:], strict=False)
        ]
