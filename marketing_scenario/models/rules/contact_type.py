from odoo import fields, models


class RuleContactType(models.Model):
    """Professional or individual (S24, R52): whether a company stands behind the person."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("contact_type", "Contact type")], ondelete={"contact_type": "cascade"})
    contact_type = fields.Selection(
        [("professional", "Professional"), ("individual", "Individual")], string="Type of contact"
    )

    def _describe_contact_type(self):
        label = dict(self._fields["contact_type"]._description_selection(self.env)).get(self.contact_type, "")
        return {
            "icon": "fa-building-o",
            "summary": self.env._("is: %(type)s", type=label.lower()),
        }

    def _validate_contact_type(self):
        return [] if self.contact_type else [self.env._("a rule has no contact type. Choose one.")]

    def _match_contact_type(self, enrollments):
        professional = self.contact_type == "professional"
        return enrollments.browse(
            [i for target, i in enrollments._pairs() if bool(target.marketing_company_name) == professional]
        )
