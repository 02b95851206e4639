import secrets

from odoo import api, fields, models

from ...tools import safe_http


class StepWebhook(models.Model):
    """Webhook (S27): tells another program by a signed JSON POST, queued and tried again."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("webhook", "Webhook")], ondelete={"webhook": "cascade"})
    webhook_url = fields.Char("Web address", help="Receives one POST with JSON for each person.")
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
            "label": self.env._("Webhook"),
            "family": "action",
            "icon": "fa-plug",
            "outcomes": [("next", self.env._("Next"))],
            "summary": (self.webhook_url or "").partition("?")[0],
        }

    def _validate_webhook(self):
        if not self.webhook_url:
            return [self._issue("no_url", self.env._("no web address. Give the one to call."))]
        try:
            safe_http.check_url(self.webhook_url, self._webhook_allows_private())
        except safe_http.Refused as error:
            message = self.env._("the web address cannot be called (%(reason)s). Correct it.", reason=error)
            return [self._issue("bad_url", message)]
        if self.webhook_url.startswith("http:"):
            message = self.env._("the web address is not encrypted. Use https if the receiver can.")
            return [self._issue("not_encrypted", message, level="warning")]
        return []

    def _execute_webhook(self, run, enrollments):
        if not self.webhook_url:
            run.fail(enrollments, self.env._("The webhook step has no web address."))
            return
        self.env["marketing.webhook.call"]._queue(self, enrollments)
        run.advance(enrollments)
