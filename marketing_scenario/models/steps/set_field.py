from odoo import api, fields, models
from odoo.exceptions import UserError

SETTINGS = ("set_field_partner", "set_field_lead", "set_field_value")


class StepSetField(models.Model):
    """Set a field of the record (S27): one of contacts and accounts, one of leads, to the same value.

    It writes with the rights of the owner of the scenario (S53), and never what somebody with a login is known by.
    """

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

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_setting_typed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint((*SETTINGS, "step_type", "scenario_id")):
            self._check_setting_typed()
        return result

    def _check_setting_typed(self):
        set_something = self.filtered(lambda step: any(step[name] for name in SETTINGS))
        set_something.scenario_id._check_typed_by_owner()

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
            field = "set_field_lead" if self.target_kinds == "lead" else "set_field_partner"
            return [self._issue("no_field", self.env._("no field. Choose what to set."), field=field)]
        issues = []
        for model in self.scenario_id._target_models():
            try:
                if name := self._set_field_name(model):
                    self.env[model]._read_setting(name, self.set_field_value)
            except UserError as error:
                issues.append(self._issue("bad_value", str(error), field="set_field_value"))
        return issues

    def _execute_set_field(self, decisions, enrollments):
        for model, records in enrollments._targets().items():
            own = enrollments._having({model: records.ids})
            name = self._set_field_name(model)
            if not name:
                decisions.skip(own, "not_for_kind")
                continue
            settable = self.scenario_id._as_owner(records)._settable(name)
            if settable:
                settable.write({name: settable._read_setting(name, self.set_field_value)})
            changed = own._having({model: settable.ids})
            decisions.advance(changed)
            decisions.skip(own - changed, "has_login")
