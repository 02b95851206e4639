from odoo import api, fields, models

from ..occasions import RECORD


class AutomatismForm(models.Model):
    """Form filled (S13, S14). Payload: ``point_id``, ``submission_id``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("form_filled", "Form filled")], ondelete={"form_filled": "cascade"}, default="form_filled"
    )
    form_point_id = fields.Many2one(
        "marketing.engagement.point", string="Form", ondelete="cascade", help="Empty: any form."
    )

    def _describe_event_form_filled(self):
        form = self.form_point_id
        sentence = (
            self.env._("the form “%(form)s” is filled", form=form.name) if form else self.env._("a form is filled")
        )
        return {
            "models": ("res.partner", "crm.lead"),
            "door": "form",
            "about": {"point_id": form.ids},
            "sentence": sentence,
        }

    @api.model
    def _domain_of_forms(self, points):
        """The automations that these forms set off, those for any form too."""
        return [("event_type", "=", "form_filled"), ("form_point_id", "in", (False, *points.ids))]

    def _occasions_form_filled(self, enrollment):
        return [{"label": self.env._("fills the form"), "asks": RECORD, "model": "marketing.engagement.point"}]

    def _play_form_filled(self, enrollment, of):
        enrollment._play_form(self.env["marketing.engagement.point"].browse(of))

    def _happened_form_filled(self, model):
        field = self.env[model]._marketing_column
        domain = [("point_id", "=", self.form_point_id.id)] if self.form_point_id else []
        rows = self.env["marketing.engagement.submission"]._read_group([*domain, (field, "!=", False)], [field])
        return [("id", "in", [record.id for (record,) in rows])]
