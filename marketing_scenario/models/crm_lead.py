from odoo import api, fields, models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "marketing.scenario.target"]
    _marketing_column = "lead_id"
    _marketing_tag_field = "tag_ids"
    _marketing_zone_fields = ("partner_id", "user_id", "company_id")

    marketing_enrollment_ids = fields.One2many("marketing.scenario.enrollment", "lead_id", string="Scenarios")
    marketing_score_line_ids = fields.One2many("marketing.score.line", "lead_id", string="Score history")

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
        contact, account = self.partner_id, self.partner_id.commercial_partner_id
        return self._zone_of(
            contact.tz or account.tz,
            self.user_id or contact.user_id or account.user_id,
            self.company_id or contact.company_id or account.company_id,
        )

    def _consent_holders(self):
        return [self, self.partner_id] if self.partner_id else [self]

    def _score_holder(self):
        return self.partner_id or self

    @api.depends("partner_id.marketing_own_score", "marketing_own_score", "partner_id")
    def _compute_marketing_score(self):
        return super()._compute_marketing_score()

    def _search_marketing_score(self, operator, value):
        return [
            "|",
            ("partner_id.marketing_own_score", operator, value),
            "&",
            ("partner_id", "=", False),
            ("marketing_own_score", operator, value),
        ]
