from odoo import api, fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "marketing.scenario.target"]
    _marketing_column = "partner_id"
    _marketing_tag_field = "category_id"
    _marketing_zone_fields = ("tz", "commercial_partner_id", "user_id", "company_id")
    _marketing_triggers = {
        "category_id": ("category_id",),
        "account_status_id": ("account_status_id",),
        "active": ("active",),
        "company_id": ("company_id",),
        "is_company": ("is_company", "company_type"),
        "parent_id": ("parent_id",),
        "email_normalized": ("email",),
        "phone_sanitized": ("phone", "country_id", "parent_id"),
        "commercial_partner_id": ("parent_id", "is_company", "company_type"),
    }

    marketing_enrollment_ids = fields.One2many("marketing.scenario.enrollment", "partner_id", string="Scenarios")
    marketing_score_line_ids = fields.One2many(
        "marketing.score.line", "partner_id", string="Score history", groups="marketing_scenario.group_scenario_user"
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._marketing_created()
        return partners

    def write(self, vals):
        before = self._marketing_before(vals)
        result = super().write(vals)
        if before:
            self._marketing_after(before)
        return result

    def _marketing_kind(self):
        return "account" if self.is_company else "contact"

    @api.depends("name", "email", "phone", "lang", "parent_id", "user_id", "company_id", "is_company")
    def _compute_marketing_values(self):
        return super()._compute_marketing_values()

    @api.depends("tz", "parent_id", "user_id", "company_id")
    def _compute_marketing_tz(self):
        return super()._compute_marketing_tz()

    def _marketing_zone(self):
        return self.tz or self._zone_of(*(self | self.commercial_partner_id))

    @api.depends("is_company")
    def _compute_marketing_kind(self):
        return super()._compute_marketing_kind()

    def _marketing_values(self):
        account = self.commercial_partner_id
        return {
            "person_name": False if self.is_company else self.name,
            "company_name": account.name if account.is_company else self.company_name,
            "email": self.email or account.email,
            "email_normalized": self.email_normalized if self.email else account.email_normalized,
            "phone": self.phone_sanitized or account.phone_sanitized,
            "lang": self.lang or account.lang,
            "user_id": self.user_id or account.user_id,
            "company_id": self.company_id or account.company_id,
        }
