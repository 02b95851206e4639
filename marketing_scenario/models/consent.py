"""Consent of a target: the one answer to "may I send?" (S34)."""

from odoo import fields, models

CHANNELS = ("email", "sms", "phone")


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_optin = fields.Boolean("Opt-in", copy=False, help="The person agreed to receive marketing messages.")
    marketing_optin_date = fields.Datetime("Opt-in on", copy=False)
    marketing_optin_source = fields.Char("Opt-in by", copy=False)
    marketing_optin_proof = fields.Text("Opt-in proof", copy=False)
    marketing_refuse_email = fields.Boolean("No marketing e-mails", copy=False)
    marketing_refuse_sms = fields.Boolean("No marketing SMS", copy=False)
    marketing_refuse_phone = fields.Boolean("No marketing calls", copy=False)
    marketing_refuse_all = fields.Boolean("No marketing at all", copy=False)
    marketing_invalid_email = fields.Boolean("Invalid e-mail address", copy=False)
    marketing_invalid_phone = fields.Boolean("Invalid phone number", copy=False)

    def _refusals(self, channel):
        """Who among these records may not get a marketing message on ``channel`` now.

        A lead's consent is its own together with its contact's: an opt-in of either counts, and so does a refusal.

        :param channel: email, sms or phone
        :return: ``{record id: reason code}`` of those who may not
        """
        refusals = {}
        # sudo: the answer must not depend on who asks; nothing but the reason code leaves this method
        for record in self.sudo():
            reason = record._consent_refusal(channel) or getattr(record, f"_address_refusal_{channel}")()
            if reason:
                refusals[record.id] = reason
        return refusals

    def _consent_refusal(self, channel):
        holders = self._consent_holders()
        if any(holder.marketing_refuse_all for holder in holders):
            return "refused_all"
        if any(holder[f"marketing_refuse_{channel}"] for holder in holders):
            return f"refused_{channel}"
        if not any(holder.marketing_optin for holder in holders):
            return "no_consent"
        return False

    def _address_refusal_email(self):
        if not self.marketing_email:
            return "no_email"
        if not self.marketing_email_normalized or self._flagged("marketing_invalid_email"):
            return "invalid_email"
        if self._flagged("is_blacklisted"):
            return "blacklisted"
        return False

    def _address_refusal_phone(self):
        if not self.marketing_phone:
            return "no_phone"
        if self._flagged("marketing_invalid_phone"):
            return "invalid_phone"
        if self._flagged("phone_sanitized_blacklisted"):
            return "blacklisted"
        return False

    def _address_refusal_sms(self):
        reason = self._address_refusal_phone()
        if not reason and not self.marketing_is_mobile:
            reason = "no_mobile"
        return reason

    def _flagged(self, field):
        return any(holder[field] for holder in self._consent_holders())

    def _consent_holders(self):
        """The records whose flags speak for this target: itself, and a lead's contact."""
        return [self]

    def _set_optin(self, source, proof=False):
        """Note that these people agreed; takes back earlier refusals, which the new agreement overrides."""
        # sudo: called for a visitor of a form, who has no right on the record
        self.sudo().write(
            {
                "marketing_optin": True,
                "marketing_optin_date": self.env["marketing.scenario.engine"]._now(),
                "marketing_optin_source": source,
                "marketing_optin_proof": proof,
                "marketing_refuse_email": False,
                "marketing_refuse_all": False,
            }
        )

    def _set_refusal(self, channel, source=False):
        """Note that these people refuse ``channel`` (email, sms, phone or all)."""
        # sudo: called for a recipient who clicked a link, who has no right on the record
        for record in self.sudo():
            record[f"marketing_refuse_{channel}"] = True
        if source:
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, source))
