"""Rows about a person are seen by those who see the person (S48).

A record rule cannot say it: Odoo evaluates rules as superuser, so that an "any" in one lets everything through.
"""

from functools import partial

from odoo import api, models
from odoo.fields import Domain

from . import sql


class TargetVisibility(models.AbstractModel):
    """For models with ``partner_id`` and ``lead_id``; a row that has neither is seen by all who see the model."""

    _name = "marketing.target.visibility"
    _description = "Visible with its target"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, active_test=True, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._visible_domain()
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access, **kwargs
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result is None and not self.env.su and self.ids:
            forbidden = self.browse(self.ids) - self.with_context(active_test=False).search([("id", "in", self.ids)])
            if forbidden:
                return forbidden, partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
        return result

    def _visible_domain(self):
        """:return: domain of the rows whose contact or lead the user may read."""
        visible = Domain("partner_id", "=", False) & Domain("lead_id", "=", False)
        return visible | self._may_read("partner_id") | self._may_read("lead_id")

    def _may_read(self, name):
        """Domain of the rows whose record in the field ``name`` the user may read.

        Asked row by row: a list of all records that the user may read would be as long as the database has contacts.
        """
        records = self.env[self._fields[name].comodel_name].with_context(active_test=False)
        if not records.has_access("read"):
            return Domain.FALSE

        return Domain.custom(
            to_sql=lambda model, alias, query: sql.is_among(
                model._field_to_sql(alias, name, query), records._search([])
            )
        )
