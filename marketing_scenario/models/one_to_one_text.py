"""The text of a one-to-one step as the mail channel wants it, and who may lend their address to it."""

from odoo import models
from odoo.tools import formataddr


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mail_text_fields(self):
        return super()._mail_text_fields() | {"one_to_one_subject", "one_to_one_body"}

    def _mail_text_values(self):
        if self.step_type != "one_to_one":
            return super()._mail_text_values()
        return {
            "subject": self.one_to_one_subject or self.name,
            "preview": False,
            "body_arch": self.one_to_one_body,
            "body_html": self.one_to_one_body,
        }

    def _mail_sender(self):
        if self.step_type != "one_to_one":
            return super()._mail_sender()
        sender = self._one_to_one_sender()
        company = self.scenario_id.company_id or self.env.company
        address = sender.email or company.email
        return formataddr((sender.name or company.name, address)) if address else False

    def _mail_preview_content(self, record):
        if self.step_type != "one_to_one":
            return super()._mail_preview_content(record)
        return self._one_to_one_content([(record, False)])

    def _one_to_one_voices(self, pairs):
        """``{enrollment id: (From address, user who signs)}`` in the order of S20."""
        default = self._mail_sender(), self._one_to_one_sender().user_id.sudo()
        voices = {}
        allowed = {}
        for target, enrollment_id in pairs:
            # sudo: addresses and signatures of colleagues, whoever woke the engine
            user = target.marketing_user_id.sudo()
            if user not in allowed:
                allowed[user] = not self.one_to_one_sender_id and self.env["marketing.sender"]._may_send_as(user)
            voices[enrollment_id] = (formataddr((user.name, user.email_normalized)), user) if allowed[user] else default
        return voices

    def _one_to_one_sender(self):
        return self.one_to_one_sender_id or self.env["marketing.sender"]._default_for(self.scenario_id.company_id)


class MarketingSender(models.Model):
    _inherit = "marketing.sender"

    def _may_send_as(self, user):
        """Whether mails may leave from this internal user's address (R43): it must not await confirmation."""
        if not user.email_normalized or user.share or not user.active:
            return False
        # sudo: asked by the engine for any user
        known = self.sudo().search([("email", "=", user.email_normalized)])
        return not known or "validated" in known.mapped("state")
