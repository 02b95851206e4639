"""A file of people: Odoo imports them, and who was imported enters (S15)."""

from functools import partial

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
            enrollments, rejected = scenario._enroll_allowed(self.browse(result["ids"]), "import")
            told = scenario._told_entry(enrollments, rejected)
            # the page of the import tells of its rows only; a test of the file is rolled back to before
            self.env.cr.precommit.add(partial(self._tell_entry, enrollments or self.browse(result["ids"]), told))
        return result

    def _tell_entry(self, records, told):
        if records.exists():
            self.env.user._bus_send("simple_notification", told)


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
