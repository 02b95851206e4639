from odoo import fields, models

from ..target.domains import eval_domain


class RuleDomain(models.Model):
    """A value of the record (S24, R52): a filter on contacts and accounts, another on leads."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("domain", "Record has a value")], ondelete={"domain": "cascade"})
    domain_partner = fields.Char("Contacts and accounts", default="[]")
    domain_lead = fields.Char("Leads", default="[]")

    def _describe_domain(self):
        parts = [
            f"{label}: {domain}"
            for label, domain in (
                (self.env._("contact"), self.domain_partner),
                (self.env._("lead"), self.domain_lead),
            )
            if domain and domain != "[]"
        ]
        return {"icon": "fa-filter", "summary": " ; ".join(parts)}

    def _validate_domain(self):
        problems = []
        for model in self.scenario_id._target_models():
            try:
                self.env[model].search_count(self._domain_for(model), limit=1)
            except (ValueError, KeyError, SyntaxError, TypeError, NameError) as error:
                problems.append(
                    self.env._("the filter of a rule cannot be read (%(error)s). Set it again.", error=error)
                )
        return problems

    def _domain_for(self, model):
        text = self.domain_lead if model == "crm.lead" else self.domain_partner
        return eval_domain(self.env, text)

    def _match_domain(self, enrollments):
        return enrollments._having(
            {model: records._search_among(self._domain_for(model)) for model, records in enrollments._targets().items()}
        )
