from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..target.filters import domain_of, is_empty_filter, trial

FILTERS = {"res.partner": "domain_partner", "crm.lead": "domain_lead"}


class RuleDomain(models.Model):
    """A value of the record (S24, R52): a filter on contacts and accounts, another on leads.

    Without a filter for its kind, a record does not match: nothing was asked that it could fulfil.
    """

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

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.filtered(lambda rule: rule._has_filters())._check_filters()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint((*FILTERS.values(), "kind", "step_id", "case_id")):
            self.filtered(lambda rule: rule._has_filters())._check_filters()
        return result

    def _has_filters(self):
        return any(not is_empty_filter(self[name]) for name in FILTERS.values())

    def _check_filters(self):
        """Filters are tried by the owner of the scenario, with whose rights they run.

        :raise AccessError: typed by somebody else, or about what they may not read
        :raise ValidationError: not a filter of these records
        """
        self.scenario_id._check_typed_by_owner()
        for rule in self:
            for model, name in FILTERS.items():
                if problem := rule._trial(model, self.env[model]):
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._(
                            "%(field)s: the filter cannot be read (%(error)s). Set it again.",
                            field=label,
                            error=problem,
                        )
                    )

    def _trial(self, model, records):
        return trial(records, lambda: domain_of(records, self[FILTERS[model]]))

    def _validate_domain(self):
        models_taken = self.scenario_id._target_models()
        if all(is_empty_filter(self[FILTERS[model]]) for model in models_taken):
            return [self.env._("the filter of a rule is empty. Set it.")]
        problems = []
        for model in models_taken:
            if problem := self._trial(model, self.scenario_id._as_owner(self.env[model])):
                problems.append(
                    self.env._("the filter of a rule cannot be read (%(error)s). Set it again.", error=problem)
                )
        return problems

    def _match_domain(self, enrollments):
        return enrollments._having(
            {model: self._matching(records) for model, records in enrollments._targets().items()}
        )

    def _matching(self, records):
        """Ids of those of ``records`` that match, for the owner of the scenario."""
        text = self[FILTERS[records._name]]
        if is_empty_filter(text):
            return []
        records = self.scenario_id._as_owner(records)
        return records._search_among(domain_of(records, text))
