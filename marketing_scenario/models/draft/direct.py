"""What a program writes to the steps of an active scenario takes effect at once, and is a version too (S54).

The public contract lets programs edit steps; the screens go through the draft. However many writes a transaction
makes, it makes one version.
"""

from odoo import api, models

from .definition import SHAPE

NOTED = "marketing_scenario.changed"


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def write(self, vals):
        result = super().write(vals)
        if self._setting_fields().keys() & vals.keys():
            self._note_direct_change()
        return result

    def _note_direct_change(self):
        """Have the end of the transaction look whether these scenarios, if people walk them, have a new version."""
        if self.env.context.get("marketing_publishing"):
            return
        data = self.env.cr.precommit.data
        if active := self.filtered("is_locked").ids:
            if NOTED not in data:
                data[NOTED] = set()
                self.env.cr.precommit.add(self.browse()._note_direct_versions)
            data[NOTED].update(active)

    def _note_direct_versions(self):
        changed = self.browse(self.env.cr.precommit.data.pop(NOTED, ())).exists()
        for scenario in changed.filtered("is_locked"):
            # sudo: versions are written by the addon only
            last = self.env["marketing.scenario.version"].sudo().search([("scenario_id", "=", scenario.id)], limit=1)
            if last.definition != scenario._definition():
                scenario._note_version("direct")
        self.env.flush_all()


class MarketingScenarioPart(models.AbstractModel):
    _inherit = "marketing.scenario.part"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._scenarios()._note_direct_change()
        return parts

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & (SHAPE | {field.name for field in self._defined_fields() + self._line_fields()}):
            self._scenarios()._note_direct_change()
        return result

    def unlink(self):
        scenarios = self._scenarios()
        result = super().unlink()
        scenarios.exists()._note_direct_change()
        return result

    def _scenarios(self):
        return self.scenario_id
