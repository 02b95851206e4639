"""A number drawn from PostgreSQL's sequences never comes back: a dry run looks at the next one only."""

from odoo import models

from ..dry import is_dry


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _next_do(self):
        if is_dry(self.env) and self.implementation == "standard":
            return self.get_next_char(self.number_next_actual)
        return super()._next_do()


class IrSequenceDateRange(models.Model):
    _inherit = "ir.sequence.date_range"

    def _next(self):
        if is_dry(self.env) and self.sequence_id.implementation == "standard":
            return self.sequence_id.get_next_char(self.number_next_actual)
        return super()._next()
