"""Dates of a target that a step may wait for."""

from odoo import models

TECHNICAL = ("write_", "message_", "activity_", "signup_")


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _date_fields(self):
        """``[(name, label)]`` of the stored dates and moments of this model that everybody may read, by label."""
        names = [
            (name, field._description_string(self.env))
            for name, field in self._fields.items()
            if field.type in ("date", "datetime")
            and field.store
            and not field.groups
            and not name.startswith(TECHNICAL)
        ]
        return sorted(names, key=lambda item: item[1] or item[0])
