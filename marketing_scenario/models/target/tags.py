"""Tags of targets, changed in bulk."""

from odoo import models

from . import sql


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    _marketing_tag_field = None  # name of the model's own tag field

    def _marketing_tag(self, tag, action):
        """Add or remove ``tag`` (action ``add`` or ``remove``) on these records, in one statement.

        Where one of Odoo's Automation Rules watches these records the ORM writes instead, so that the rule sees it.
        """
        if not self:
            return
        field = self._fields[self._marketing_tag_field]
        if self._has_automation_rules():
            command = (4 if action == "add" else 3, tag.id, 0)
            self.write({field.name: [command]})
            return
        self.env[self._name].flush_model([field.name])
        change = sql.link_many2many if action == "add" else sql.unlink_many2many
        changed = self.browse(change(self.env.cr, field, self.ids, tag.id))
        self.invalidate_recordset([field.name])
        if action == "add":
            changed._marketing_tagged(tag)

    def _has_automation_rules(self):
        """Whether an active Automation Rule of Odoo's looks at records of this model."""
        if "base.automation" not in self.env:
            return False
        self.env["base.automation"].flush_model(["active", "model_id"])
        return sql.has_automation_rules(self.env.cr, self._name)

    def _marketing_tagged(self, tag):
        """Hook: these records just got ``tag`` by other means than ``write``."""
