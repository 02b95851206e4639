"""Consent of a target: the one answer to "may I send?" (S34)."""

from odoo import fields, models
from odoo.fields import Domain

from .. import clock
from ..target.mixin import TARGET_MODELS, is_mobile
from . import sql

CHANNELS = ("email", "sms", "phone")
OPTED_OUT = {"email": "refused_email", "sms": "refused_sms", "phone": "refused_phone"}  # channel → reason
ADDRESS = {"email": "email_normalized", "sms": "phone_sanitized", "phone": "phone_sanitized"}  # of one record
INVALID = {"email_normalized": "marketing_invalid_email", "phone_sanitized": "marketing_invalid_phone"}


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

    def _blocked(self, channel, addresses=None):
        """Who among these records may not get a marketing message on ``channel`` now.

        Judged are the person (a lead together with its contact: an opt-in of either counts, and so does an opt-out)
        and the address or number used, no matter whose they are: an opt-out, a flag "does not exist" of any record that
        has it, or Odoo's blacklist.

        :param channel: email, sms or phone
        :param addresses: ``{record id: normalized address or number used}``; None: the one each would get now
        :return: ``{record id: reason code}`` of those who may not
        """
        # sudo: the answer must not depend on who asks; nothing but the reason code leaves this method
        records = self.sudo()
        used = records._addresses_used(channel) if addresses is None else addresses
        verdicts = records._address_verdicts(channel, {address for address in used.values() if address})
        refuses, invalid_now = f"marketing_refuse_{channel}", INVALID[ADDRESS[channel]]
        blocked = {}
        for record in records:
            address = used.get(record.id)
            refused_all, refused, invalid, blacklisted = verdicts.get(address, (False,) * 4)
            holders = record._consent_holders()
            reason = False
            if refused_all or any(holder.marketing_refuse_all for holder in holders):
                reason = "refused_all"
            elif refused or any(holder[refuses] for holder in holders):
                reason = OPTED_OUT[channel]
            elif not any(holder.marketing_optin for holder in holders):
                reason = "no_consent"
            elif not address:
                reason = record._no_address(channel)
            elif invalid or record[invalid_now]:
                reason = "invalid_email" if channel == "email" else "invalid_phone"
            elif blacklisted:
                reason = "blacklisted"
            elif channel == "sms" and not is_mobile(address):
                reason = "no_mobile"
            if reason:
                blocked[record.id] = reason
        return blocked

    def _addresses_used(self, channel):
        """``{record id: normalized address or number}`` at which each would get a message; False: none."""
        field = "marketing_email_normalized" if channel == "email" else "marketing_phone"
        return {record.id: record[field] for record in self}

    def _no_address(self, channel):
        if channel != "email":
            return "no_phone"
        return "invalid_email" if self.marketing_email else "no_email"

    def _address_verdicts(self, channel, addresses):
        if not addresses:
            return {}
        address = ADDRESS[channel]
        names = [address, INVALID[address], "marketing_refuse_all"]
        names += [f"marketing_refuse_{one}" for one in (["email"] if channel == "email" else ["sms", "phone"])]
        for model in TARGET_MODELS:
            self.env[model].flush_model(names)
        if channel == "email":
            self.env["mail.blacklist"].flush_model(["email", "active"])
        else:
            self.env["phone.blacklist"].flush_model(["number", "active"])
        return sql.verdicts(self.env.cr, channel, addresses)

    def _consent_holders(self):
        """The records whose flags speak for this target: itself, and a lead's contact."""
        return [self]

    def _set_optin(self, source, proof=False, confirmed=True):
        """Note that these people agreed.

        :param source: where they agreed
        :param proof: what proves it
        :param confirmed: whether it is certain that the person did it (a link sent to the address, a person's hand).
            Such an agreement takes back earlier opt-outs from emails, of the person and of the address, and Odoo's
            blacklist. What anybody could have typed into a form takes back nothing.
        """
        # sudo: called for a visitor of a form, who has no right on the record
        records = self.sudo()
        records.write(
            {
                "marketing_optin": True,
                "marketing_optin_date": clock.now(self.env),
                "marketing_optin_source": source,
                "marketing_optin_proof": proof,
                **({"marketing_refuse_email": False, "marketing_refuse_all": False} if confirmed else {}),
            }
        )
        if confirmed:
            records._take_back_email_opt_outs(source)

    def _take_back_email_opt_outs(self, source):
        """Emails may go to the addresses of these people again, whichever record had refused them."""
        addresses = [address for address in self._addresses_used("email").values() if address]
        if not addresses:
            return
        for model in TARGET_MODELS:
            theirs = self.env[model].with_context(active_test=False).search([("email_normalized", "in", addresses)])
            theirs.filtered("marketing_refuse_email").write({"marketing_refuse_email": False})
            # the agreement came by email: it says nothing about the phone of another record
            theirs.filtered("marketing_refuse_all").write(
                {"marketing_refuse_all": False, "marketing_refuse_sms": True, "marketing_refuse_phone": True}
            )
        for entry in self.env["mail.blacklist"].search([("email", "in", addresses)]):
            self.env["mail.blacklist"]._remove(entry.email, message=source)

    def _set_opt_out(self, channel, source=False):
        """Note that these people opt out of ``channel`` (email, sms, phone or all)."""
        # sudo: called for a recipient who clicked a link, who has no right on the record
        for record in self.sudo():
            record[f"marketing_refuse_{channel}"] = True
        if source:
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, source))

    def _marketing_watched(self):
        return super()._marketing_watched() | INVALID.keys()

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        for address, flag in INVALID.items():
            if changed := changes.get(address):
                # sudo: who may correct an address also takes back that it did not work
                self.browse(changed).sudo()._lift_invalid(address, flag)
        return result

    def _lift_invalid(self, address, flag):
        """The address or number is another one now: what was said of the old one no longer holds."""
        self.filtered(flag).write({flag: False})

    def _mark_invalid(self, address, values):
        """Mark every record that has one of these addresses or numbers (S34): wherever it is used, it does not exist.

        :param address: email_normalized or phone_sanitized
        :param values: normalized addresses or numbers
        """
        flag = INVALID[address]
        unmarked = Domain(address, "in", [value for value in values if value]) & Domain(flag, "=", False)
        for model in TARGET_MODELS:
            # sudo: told by a mail server or a provider
            self.env[model].sudo().with_context(active_test=False).search(unmarked).write({flag: True})

    def _forgotten_values(self):
        """Consent is gone with its proof; that nothing may be sent is all that is remembered (S37)."""
        return {
            **super()._forgotten_values(),
            "marketing_optin": False,
            "marketing_optin_date": False,
            "marketing_optin_source": False,
            "marketing_optin_proof": False,
            "marketing_refuse_all": True,
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    # the few rows that keep messages from an address
    _marketing_blocked_email_idx = models.Index(
        "(email_normalized) WHERE marketing_refuse_all OR marketing_refuse_email OR marketing_invalid_email"
    )
    _marketing_blocked_phone_idx = models.Index(
        "(phone_sanitized) WHERE marketing_refuse_all OR marketing_refuse_sms OR marketing_refuse_phone"
        " OR marketing_invalid_phone"
    )

    def _lift_invalid(self, address, flag):
        result = super()._lift_invalid(address, flag)
        # Odoo copies the contact's new address to its leads without writing on them
        leads = self.env["crm.lead"].search([("partner_id", "in", self.ids), (flag, "=", True)])
        leads.filtered(lambda lead: lead[address] == lead.partner_id[address]).write({flag: False})
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # see res.partner
    _marketing_blocked_email_idx = models.Index(
        "(email_normalized) WHERE marketing_refuse_all OR marketing_refuse_email OR marketing_invalid_email"
    )
    _marketing_blocked_phone_idx = models.Index(
        "(phone_sanitized) WHERE marketing_refuse_all OR marketing_refuse_sms OR marketing_refuse_phone"
        " OR marketing_invalid_phone"
    )

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
