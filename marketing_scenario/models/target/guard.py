"""What is read-only on the screen is read-only on the server.

Odoo's ``readonly`` only greys a field in the browser: over RPC anybody with the right to write the row writes it.
"""

from odoo import api, models
from odoo.exceptions import AccessError

EMPTY = (None, False, 0, "", [])


class Guarded(models.AbstractModel):
    """For models whose ``readonly`` fields only the server fills in (by methods, with ``sudo``)."""

    _name = "marketing.guarded"
    _description = "Read-only on the server too"

    _fixed_fields = ()  # said once, when the row is made

    @api.model
    def _server_fields(self):
        """Names of the fields that no client writes: the stored ones declared ``readonly``, unless computed."""
        return {
            name
            for name, field in self._fields.items()
            if field.readonly
            and field.store
            and not (field.compute or field.related)
            and name not in models.MAGIC_COLUMNS
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._refuse_server_fields(
                    name for name, value in vals.items() if not self._is_first_value(name, value)
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_server_fields(vals, self._fixed_fields)
        return super().write(vals)

    def _is_first_value(self, name, value):
        field = self._fields[name]
        return value in EMPTY or (field.default and value == field.default(self))

    def _refuse_server_fields(self, names, fixed=()):
        closed = self._server_fields().union(fixed)
        for name in names:
            if name in closed:
                raise AccessError(
                    self.env._(
                        "“%(field)s” of “%(model)s” is kept by the system and cannot be written.",
                        field=self._fields[name]._description_string(self.env),
                        model=self._description,
                    )
                )
