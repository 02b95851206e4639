"""The scenarios page (S6): what its list shows beside the settings, and the automations and forms above it."""

from odoo import api, fields, models

from . import sql

SHOWN = 80  # of each kind; more are on the pages of their own


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
