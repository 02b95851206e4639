from odoo import models
from odoo.tools import str2bool

from .webhook_queue import ALLOW_PRIVATE


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _webhook_payload(self, target, enrollment_id, delivery, now):
        """What a webhook tells the other program about one person (the same on all kinds of target)."""
        user = target.marketing_user_id
        return {
            "delivery": delivery,
            "at": now.isoformat() + "Z",
            "scenario": {"id": self.scenario_id.id, "name": self.scenario_id.name},
            "step": {"id": self.id, "name": self.name},
            "enrollment_id": enrollment_id,
            "target": {
                "model": target._name,
                "id": target.id,
                "kind": target.marketing_kind,
                "name": target.marketing_person_name or "",
                "company": target.marketing_company_name or "",
                "email": target.marketing_email or "",
                "phone": target.marketing_phone or "",
                "lang": target.marketing_lang or "",
                "score": target.marketing_score,
                # sudo: a colleague's name and address, as on any mail of the scenario
                "salesperson": {"name": user.sudo().name or "", "email": user.sudo().email or ""},
            },
        }

    def _webhook_allows_private(self):
        # sudo: a yes or no of the system settings
        return str2bool(self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE, "False"))
