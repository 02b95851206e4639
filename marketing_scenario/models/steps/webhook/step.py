import secrets
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.tools import str2bool

from ....tools import safe_http
from .queue import ALLOW_PRIVATE, refusal


class StepWebhook(models.Model):
    """Webhook (S27): tells another program by a signed JSON POST, queued and tried again."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("webhook", "Webhook")], ondelete={"webhook": "cascade"})
    webhook_url = fields.Char(
        "Web address",
        groups="marketing_scenario.group_scenario_manager",  # it often holds a key
        help="Receives one POST with JSON for each person.",
    )
    webhook_secret = fields.Char(
        "Signing secret",
        groups="marketing_scenario.group_scenario_manager",
        help="The header X-Marketing-Signature is the HMAC-SHA256, with this secret, of the header "
        "X-Marketing-Timestamp, a dot, and the body.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("step_type") == "webhook" and not vals.get("webhook_secret"):
                vals["webhook_secret"] = secrets.token_hex(32)
        return super().create(vals_list)

    def _describe_webhook(self):
        return {
            "family": "action",
            "place": 70,
            "icon": "fa-plug",
            "outcomes": [("next", self.env._("Next"))],
            # sudo: who sees the scenario sees which host is called, not the address
            "summary": urlsplit(self.sudo().webhook_url or "").hostname or "",
        }

    def _validate_webhook(self):
        url = self.sudo().webhook_url  # sudo: who asks for the check hears whether the address is good
        if not url:
            return [self._issue("no_url", self.env._("no web address. Give the one to call."), field="webhook_url")]
        try:
            safe_http.check_url(url, self._webhook_allows_private())
        except safe_http.Refused as error:
            message = self.env._(
                "the web address cannot be called (%(reason)s). Correct it.", reason=refusal(self.env, error)
            )
            return [self._issue("bad_url", message, field="webhook_url")]
        if url.startswith("http:"):
            message = self.env._("the web address is not encrypted. Use https if the receiver can.")
            return [self._issue("not_encrypted", message, level="warning", field="webhook_url")]
        return []

    def _execute_webhook(self, decisions, enrollments):
        if not self.sudo().webhook_url:  # sudo: the engine calls it no matter who woke it
            decisions.fail(enrollments, self.env._("The webhook step has no web address."))
            return
        self.env["marketing.webhook.call"]._queue(self, enrollments)
        decisions.advance(enrollments)

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
                "score": target.sudo().marketing_score,  # sudo: as told by the step, no matter who woke the engine
                # sudo: a colleague's name and address, as on any mail of the scenario
                "salesperson": {"name": user.sudo().name or "", "email": user.sudo().email or ""},
            },
        }

    def _webhook_allows_private(self):
        # sudo: a yes or no of the system settings
        return str2bool(self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE, "False"))
