import functools

from odoo import models
from odoo.fields import Domain


class MarketingTargetVisibility(models.AbstractModel):
    """Rows about a target (``partner_id`` or ``lead_id``) are visible to those who may see that target (S48).

    Record rules cannot say so: Odoo evaluates them as superuser. So the rule stands here, for searching and for
    reading by id, as ``mail.activity`` does for its documents.
    """

    _name = "marketing.target.visibility"
    _description = "Visible with its target"

    def _visible_domain(self):
        """Domain of the rows the current user may see."""
        domain = Domain("partner_id", "=", False) & Domain("lead_id", "=", False)
        for field in ("partner_id", "lead_id"):
            targets = self.env[self._fields[field].comodel_name].with_context(active_test=False)
            if targets.has_access("read"):
                domain |= Domain(field, "in", targets._search([]))
        return domain

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._visible_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result or self.env.su or not any(self._ids):
            return result
        # sudo: the question is about the targets only; the rules of this model were asked by super
        visible = self.sudo().search(Domain("id", "in", self.ids) & self._visible_domain())
        forbidden = self - visible.with_env(self.env)
        if not forbidden:
            return None
        return forbidden, functools.partial(self.env["ir.rule"]._make_access_error, operation, forbidden)
