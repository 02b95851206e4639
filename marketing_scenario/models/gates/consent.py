"""Consent of a target: the one answer to "may I send?" (S34)."""

from odoo import fields, models

from .. import clock

CHANNELS = ("email", "sms", "phone")
OPTED_OUT = {"email": "refused_email", "sms": "refused_sms", "phone": "refused_phone"}  # channel → reason


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_optin = fields.Boolean("Opt-in", copy=False, help="The person agreed to receive marketing messages.")
    marketing_optin_date = fields.Datetime("Opt-in on", copy=False)
    marketing_optin_source = fields.Char("Opt-in by", copy=False)
    # holds the visitor's address
    marketing_optin_proof = fields.Text("Opt-in proof", copy=False, groups="marketing_scenario.group_scenario_user")
    marketing_refuse_email = fields.Boolean("No marketing emails", copy=False)
    marketing_refuse_sms = fields.Boolean("No marketing SMS", copy=False)
    marketing_refuse_phone = fields.Boolean("No marketing calls", copy=False)
    marketing_refuse_all = fields.Boolean("No marketing at all", copy=False)
    marketing_invalid_email = fields.Boolean("Invalid email address", copy=False)
    marketing_invalid_phone = fields.Boolean("Invalid phone number", copy=False)

    def _blocked(self, channel):
        """Who among these records may not get a marketing message on ``channel`` now.

        A lead's consent is its own together with its contact's: an opt-in of either counts, and so does a refusal.

        :param channel: email, sms or phone
        :return: ``{record id: reason code}`` of those who may not
        """
        blocked = {}
        # sudo: the answer must not depend on who asks; nothing but the reason code leaves this method
        for record in self.sudo():
            reason = record._consent_block(channel) or getattr(record, f"_address_block_{channel}")()
            if reason:
                blocked[record.id] = reason
        return blocked

    def _consent_block(self, channel):
        holders = self._consent_holders()
        if any(holder.marketing_refuse_all for holder in holders):
            return "refused_all"
        if any(holder[f"marketing_refuse_{channel}"] for holder in holders):
            return OPTED_OUT[channel]
        if not any(holder.marketing_optin for holder in holders):
            return "no_consent"
        return False

    def _address_block_email(self):
        if not self.marketing_email:
            return "no_email"
        if not self.marketing_email_normalized or self._flagged("marketing_invalid_email"):
            return "invalid_email"
        if self._flagged("is_blacklisted"):
            return "blacklisted"
        return False

    def _address_block_phone(self):
        if not self.marketing_phone:
            return "no_phone"
        if self._flagged("marketing_invalid_phone"):
            return "invalid_phone"
        if self._flagged("phone_sanitized_blacklisted"):
            return "blacklisted"
        return False

    def _address_block_sms(self):
        reason = self._address_block_phone()
        if not reason and not self.marketing_is_mobile:
            reason = "no_mobile"
        return reason

    def _flagged(self, field):
        return any(holder[field] for holder in self._consent_holders())

    def _consent_holders(self):
        """The records whose flags speak for this target: itself, and a lead's contact."""
        return [self]

    def _set_optin(self, source, proof=False, confirmed=True):
        """Note that these people agreed.

        :param source: where they did, as shown to colleagues
        :param proof: text kept with the agreement
        :param confirmed: the owner of the address said so; only then are earlier opt-outs taken back
        """
        values = {
            "marketing_optin": True,
            "marketing_optin_date": clock.now(self.env),
            "marketing_optin_source": source,
            "marketing_optin_proof": proof,
        }
        if confirmed:
            values |= {"marketing_refuse_email": False, "marketing_refuse_all": False}
        # sudo: called for a visitor of a form, who has no right on the record
        self.sudo().write(values)

    def _set_opt_out(self, channel, source=False):
        """Note that these people opt out of ``channel`` (email, sms, phone or all)."""
        # sudo: called for a recipient who clicked a link, who has no right on the record
        for record in self.sudo():
            record[f"marketing_refuse_{channel}"] = True
        if source:
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, source))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _consent_holders(self):
        return [self, self.partner_id] if self.partner_id else [self]

    def _merge_get_fields(self):
        # who opted out once must not be written to because two leads became one
        opt_outs = [f"marketing_refuse_{channel}" for channel in (*CHANNELS, "all")]
        optin = [f"marketing_optin{part}" for part in ("", "_date", "_source", "_proof")]
        return [*super()._merge_get_fields(), *opt_outs, *optin]


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_consent(self, decisions, enrollments, channel):
        """Skip those who may not get this message now, each with the reason; return the others."""
        by_reason = {}
        stopped = set()
        for records in enrollments._targets().values():
            blocked = records._blocked(channel)
            for enrollment_id, record_id in enrollments._ids_of(records):
                if record_id in blocked:
                    by_reason.setdefault(blocked[record_id], []).append(enrollment_id)
                    stopped.add(enrollment_id)
        for reason, ids in by_reason.items():
            decisions.skip(enrollments.browse(ids), reason)
        return enrollments.browse([i for i in enrollments.ids if i not in stopped])
