"""A file of people: Odoo imports them, and who was imported enters (S15)."""

from odoo import api, models

INTO = "marketing_import_into"  # in the context: the scenario


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    @api.model
    def load(self, fields, data):
        """An import that was begun at a scenario sends those into it whom it makes or changes."""
        result = super().load(fields, data)
        if (scenario_id := self.env.context.get(INTO)) and result["ids"]:
            scenario = self.env["marketing.scenario"].browse(scenario_id)
            scenario.check_access("read")
            scenario._enroll_allowed(self.browse(result["ids"]), "import")
        return result


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _action_import(self, kind):
        """Odoo's import of a file of ``kind``, whose people enter."""
        return {
            "type": "ir.actions.client",
            "tag": "import",
            "name": self.env._("Import a file into “%(name)s”", name=self.name),
            "params": {
                "model": "crm.lead" if kind == "lead" else "res.partner",
                "context": {INTO: self.id, "default_is_company": kind == "account"},
            },
        }
