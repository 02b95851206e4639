from odoo import fields, models


class RuleZip(models.Model):
    """A rule kind: the postal code of the record begins with some digits."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("zip", "Postal code")], ondelete={"zip": "cascade"})
    zip_begins = fields.Char("Begins with")

    def _describe_zip(self):
        return {"icon": "fa-map-marker", "summary": self.env._("postal code %(zip)s…", zip=self.zip_begins or "")}

    def _validate_zip(self):
        return [] if self.zip_begins else [self.env._("a rule on the postal code is empty. Give its first digits.")]

    def _match_zip(self, enrollments):
        beginning = [("zip", "=like", f"{self.zip_begins}%")]
        return enrollments._having(
            {model: records._search_among(beginning) for model, records in enrollments._targets().items()}
        )
