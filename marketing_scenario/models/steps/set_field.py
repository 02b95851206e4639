from odoo import fields, models
from odoo.exceptions import UserError


class StepSetField(models.Model):
    """Set a field of the record (S27): one of contacts and accounts, one of leads, to the same value."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("set_field", "Set a field")], ondelete={"set_field": "cascade"})
    set_field_partner = fields.Selection(
        selection="_set_field_partner_choices", string="Field of contacts and accounts"
    )
    set_field_lead = fields.Selection(selection="_set_field_lead_choices", string="Field of leads")
    set_field_value = fields.Char(
        "Value",
        help="Empty: the field is emptied. Dates: 2026-03-31, today, today +7d. "
        "Yes/no fields: yes or no. Choices and linked records: their name.",
    )

    def _set_field_partner_choices(self):
        return self.env["res.partner"]._settable_fields()

    def _set_field_lead_choices(self):
        return self.env["crm.lead"]._settable_fields()

    def _describe_set_field(self):
        return {
            "family": "action",
            "place": 50,
            "icon": "fa-pencil",
            "outcomes": [("next", self.env._("Next"))],
            "summary": self._set_field_summary() if self else "",
        }

    def _set_field_summary(self):
        partner, lead = self.env["res.partner"]._fields, self.env["crm.lead"]._fields
        chosen = [(partner, self.set_field_partner), (lead, self.set_field_lead)]
        names = [known[name]._description_string(self.env) for known, name in chosen if name in known]
        return f"{' / '.join(dict.fromkeys(names))} = {self.set_field_value or '∅'}" if names else ""

    def _set_field_name(self, model):
        return self.set_field_lead if model == "crm.lead" else self.set_field_partner

    def _validate_set_field(self):
        if not self.set_field_partner and not self.set_field_lead:
            return [self._issue("no_field", self.env._("no field. Choose what to set."))]
        issues = []
        for model in self.scenario_id._target_models():
            try:
                if name := self._set_field_name(model):
                    self.env[model]._read_setting(name, self.set_field_value)
            except UserError as error:
                issues.append(self._issue("bad_value", str(error)))
        return issues

    def _execute_set_field(self, decisions, enrollments):
        for model, records in enrollments._targets().items():
            own = enrollments._having({model: records.ids})
            if name := self._set_field_name(model):
                # sudo: the engine writes no matter who woke it; _settable_fields says what
                records.sudo().write({name: records._read_setting(name, self.set_field_value)})
                decisions.advance(own)
            else:
                decisions.skip(own, "not_for_kind")
