"""The merge fields offered to who writes a text: those that say the same on contacts, accounts and leads (S2)."""

from odoo import api, fields, models, tools

from .render import OUR_TEXT

TARGET = "marketing.scenario.target"
PLAIN = ("char", "text", "integer", "float", "monetary", "many2one")
TECHNICAL = ("id", "color", "display_name", "email_normalized", "phone", "phone_sanitized", "company_id", "user_id")
TECHNICAL_PREFIXES = ("message_", "activity_", "create_", "write_", "marketing_")


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    @api.model
    def merge_fields(self):
        """Merge fields that every kind of target has, with the same meaning.

        :return: ``{"first": […], "more": […]}``, each a list of ``{"path", "label"}``: what people look for, the rest
        """
        offered = {"first": self._first_merge_fields().items(), "more": self._more_merge_fields()}
        return {key: [{"path": path, "label": label} for path, label in pairs] for key, pairs in offered.items()}

    def _first_merge_fields(self):
        return {
            "marketing_first_name": self.env._("First name"),
            "marketing_person_name": self.env._("Full name"),
            "marketing_company_name": self.env._("Company name"),
            "marketing_email": self.env._("Email"),
            "marketing_phone": self.env._("Phone"),
            "function": self.env._("Job position"),
            "city": self.env._("City"),
            "country_id.name": self.env._("Country"),
            "marketing_user_id.name": self.env._("Salesperson"),
            "marketing_user_id.email": self.env._("Email of the salesperson"),
            "marketing_user_id.phone": self.env._("Phone of the salesperson"),
            "marketing_company_id.name": self.env._("Our company"),
            "marketing_company_id.email": self.env._("Email of our company"),
            "marketing_company_id.phone": self.env._("Phone of our company"),
            "marketing_company_id.website": self.env._("Website of our company"),
        }

    def _more_merge_fields(self):
        first = {path.partition(".")[0] for path in self._first_merge_fields()}
        own = {
            "marketing_score": self.env._("Score"),
            "marketing_account_status_id.name": self.env._("Status of the account"),
        }
        lead = self.env["crm.lead"]._fields
        for name, field in self.env["res.partner"]._fields.items():
            other = lead.get(name)
            if (
                other
                and (field.type, field.string) == (other.type, other.string)
                and field.type in PLAIN
                and field.store
                and other.store
                and not (field.groups or other.groups)
                and not (name in TECHNICAL or name.startswith(TECHNICAL_PREFIXES) or name in first)
            ):
                path = f"{name}.display_name" if field.type == "many2one" else name
                own[path] = field._description_string(self.env)
        return sorted(own.items(), key=lambda row: row[1] or row[0])

    @tools.ormcache()
    def _merge_paths(self):
        paths = [*self._first_merge_fields(), *dict(self._more_merge_fields())]
        return tuple(f"object.{path}" for path in paths)

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Merge fields may be used by everybody who may edit a step, not only by template editors: in our texts, and
        for our picker, which asks the abstract model. In other texts about these records Odoo's own rule holds."""
        allowed = super().mail_allowed_qweb_expressions()
        ours = self._name == TARGET or self.env.context.get(OUR_TEXT)
        return allowed + self._merge_paths() if ours else allowed


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    merge_model = fields.Char(
        "Merge fields of", compute="_compute_merge_model", help="Tells the picker of merge fields what to offer."
    )

    def _compute_merge_model(self):
        self.merge_model = TARGET


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    marketing_merge_model = fields.Char("Merge fields of", compute="_compute_marketing_merge_model")

    def _compute_marketing_merge_model(self):
        self.marketing_merge_model = TARGET
