from odoo import api, models

from ..dry import is_dry


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _storage(self):
        """A dry run leaves no file behind: what it attaches stays in the transaction."""
        return "db" if is_dry(self.env) else super()._storage()

    @api.model
    def _mark_for_gc(self, fname):
        """A dry run deletes no file either."""
        return None if is_dry(self.env) else super()._mark_for_gc(fname)
