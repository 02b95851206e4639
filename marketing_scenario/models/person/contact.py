"""A lead that gets a contact becomes that person: what is known of it goes to the contact (S51)."""

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _marketing_watched(self):
        return super()._marketing_watched() | {"partner_id"}

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        found = [i for i, (_old, new) in changes.get("partner_id", {}).items() if new]
        if found:
            # sudo: who gives a lead its contact need not have the right to change the contact
            self.sudo().browse(found)._marketing_hand_over()
        return result

    def _marketing_inherit(self, sources):
        result = super()._marketing_inherit(sources)
        if self.partner_id:
            self._marketing_hand_over()
        return result

    def _marketing_hand_over(self):
        """Hook: these leads just got their contact; each room hands over its own. It runs as superuser."""
