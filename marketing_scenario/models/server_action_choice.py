"""Who may let a scenario run a server action: it runs with the engine's rights."""

from odoo import api, models
from odoo.exceptions import AccessError

FIELDS = ("server_action_partner_id", "server_action_lead_id")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    @api.constrains(*FIELDS)
    def _check_server_action(self):
        """Only who may see server actions chooses one; others may copy steps that have been set so.

        :raise AccessError: an action that no step of an administrator uses
        """
        # Odoo checks constraints as superuser: ask for the person who writes
        if self.sudo(False).env["ir.actions.server"].has_access("read"):
            return
        for step in self:
            for name in FIELDS:
                used = [(name, "=", step[name].id), ("id", "not in", self.ids)]
                if step[name] and not step.search_count(used, limit=1):
                    raise AccessError(self.env._("Only an administrator may choose the server action of a step."))
