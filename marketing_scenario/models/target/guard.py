"""What is read-only on the screen is read-only on the server.

Odoo's ``readonly`` only greys a field in the browser: over RPC anybody with the right to write the row writes it.
"""

from odoo import api, models
from odoo.exceptions import AccessError

EMPTY = (None, False, 0, "", [])
OURS = "marketing."


class Linked(models.AbstractModel):
    """For models that point at rows of ours: ids can be guessed, and Odoo asks for rights on the row written alone.

    Nobody points at what they may not see, nor moves a row to where they could not write it.
    """

    _name = "marketing.linked"
    _description = "Points at visible rows only"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
        records = super().create(vals_list)
        records._check_linked({name for vals in vals_list for name in vals})
        return records

    def write(self, vals):
        self._check_links(vals)
        result = super().write(vals)
        self._check_linked(vals)
        if not self.env.su and any(name in self._fields and self._fields[name].relational for name in vals):
            self.check_access("write")  # it may stand somewhere else now
        return result

    def _check_links(self, vals):
        """:raise AccessError: one of these values points at a row of ours that the user may not read"""
        for name, value in vals.items() if not self.env.su else ():
            if self._is_link(name, "many2one") and value:
                self.env[self._fields[name].comodel_name].browse(value).check_access("read")

    def _check_linked(self, names):
        """:raise AccessError: one of these lists names such a row"""
        for name in names if not self.env.su else ():
            if self._is_link(name, "many2many"):
                # sudo: what the user may not see would just be missing in the list
                self.sudo().with_context(active_test=False).mapped(name).with_env(self.env).check_access("read")

    def _is_link(self, name, kind):
        field = self._fields.get(name)
        return bool(field and field.type == kind and field.comodel_name.startswith(OURS))


class Guarded(models.AbstractModel):
    """For models whose ``readonly`` fields only the server fills in (by methods, with ``sudo``)."""

    _name = "marketing.guarded"
    _description = "Read-only on the server too"
    _inherit = ["marketing.linked"]

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
