from odoo import fields, models


class RuleConsent(models.Model):
    """Consent (S24, S34): opted in, or reachable on a channel now."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("consent", "Consent")], ondelete={"consent": "cascade"})
    consent_about = fields.Selection(
        [
            ("optin", "has opted in"),
            ("email", "may receive emails"),
            ("sms", "may receive SMS"),
            ("phone", "may be called"),
        ],
        string="The person",
        default="optin",
        help="“May receive” asks for consent and a good address or number, as a message step does.",
    )

    def _describe_consent(self):
        labels = dict(self._fields["consent_about"]._description_selection(self.env))
        return {
            "icon": "fa-handshake-o",
            "summary": labels.get(self.consent_about, ""),
        }

    def _validate_consent(self):
        return [] if self.consent_about else [self.env._("a rule on consent asks nothing. Choose what.")]

    def _match_consent(self, enrollments):
        return enrollments._having(
            {model: self._consenting(records) for model, records in enrollments._targets().items()}
        )

    def _consenting(self, records):
        if self.consent_about == "optin":
            # sudo: as _blocked, nothing but yes or no leaves this method
            return [
                record.id
                for record in records.sudo()
                if any(holder.marketing_optin for holder in record._consent_holders())
                and not any(holder.marketing_refuse_all for holder in record._consent_holders())
            ]
        blocked = records._blocked(self.consent_about)
        return [record_id for record_id in records.ids if record_id not in blocked]
