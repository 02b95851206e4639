from odoo import api, fields, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "marketing.scenario.target"]
    _marketing_column = "lead_id"
    _marketing_tag_field = "tag_ids"
    _marketing_zone_fields = ("partner_id", "user_id", "company_id")
    _marketing_triggers = {
        "type": ("type",),
        "stage_id": ("stage_id",),
        "user_id": ("user_id",),
        "tag_ids": ("tag_ids",),
        "won_status": ("stage_id", "probability", "active"),
        "active": ("active", "stage_id"),
        "company_id": ("company_id", "user_id", "team_id", "partner_id"),
        "partner_id": ("partner_id",),
        "email_normalized": ("email_from", "partner_id"),
        "phone_sanitized": ("phone", "country_id", "partner_id"),
    }

    marketing_enrollment_ids = fields.One2many("marketing.scenario.enrollment", "lead_id", string="Scenarios")
    marketing_score_line_ids = fields.One2many(
        "marketing.score.line", "lead_id", string="Score history", groups="marketing_scenario.group_scenario_user"
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._marketing_created()
        return leads

    def write(self, vals):
        before = self._marketing_before(vals)
        result = super().write(vals)
        if before:
            self._marketing_after(before)
        return result

    def _marketing_kind(self):
        return "lead"

    @api.depends(
        "contact_name",
        "partner_name",
        "email_from",
        "phone",
        "lang_id",
        "user_id",
        "company_id",
        "partner_id.name",
        "partner_id.email",
        "partner_id.phone",
        "partner_id.lang",
        "partner_id.tz",
        "partner_id.user_id",
        "partner_id.parent_id",
    )
    def _compute_marketing_values(self):
        return super()._compute_marketing_values()

    def _marketing_values(self):
        contact = self.partner_id
        values = contact._marketing_values() if contact else {}
        return {
            "person_name": self.contact_name or values.get("person_name"),
            "company_name": self.partner_name or values.get("company_name"),
            "email": self.email_from or values.get("email"),
            "email_normalized": self.email_normalized if self.email_from else values.get("email_normalized"),
            "phone": self.phone_sanitized or values.get("phone"),
            "lang": self.lang_id.code or values.get("lang"),
            "user_id": self.user_id or values.get("user_id"),
            "company_id": self.company_id or values.get("company_id"),
        }

    @api.depends("partner_id.tz", "user_id", "company_id")
    def _compute_marketing_tz(self):
        return super()._compute_marketing_tz()

    def _marketing_zone(self):
        return self._zone_of(self, self.partner_id, self.partner_id.commercial_partner_id)
