"""Consent follows the person (S51): an opt-out always wins, an opt-in is kept, the newest proof stays."""

from odoo import models

from .consent import CHANNELS

OPT_OUTS = [f"marketing_refuse_{channel}" for channel in (*CHANNELS, "all")]
OPT_IN = [f"marketing_optin{part}" for part in ("", "_date", "_source", "_proof")]


def newest_optin(records):
    """The newest opt-in among records of one person as field values; {} when no one agreed."""
    agreed = [record for record in records if record.marketing_optin]
    # an opt-in without date is older than any
    newest = max(agreed, key=lambda record: str(record.marketing_optin_date or ""), default=None)
    return {name: newest[name] for name in OPT_IN} if newest else {}


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _take_over_consent(self, sources):
        """This record, and ``sources`` of any model, are one person: keep what all of them said."""
        everyone = [self, *sources]
        values = {name: True for name in OPT_OUTS if any(record[name] for record in everyone)}
        values |= newest_optin(everyone)
        changed = {name: value for name, value in values.items() if self[name] != value}
        if changed:
            self.write(changed)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _marketing_inherit(self, sources):
        # before the contact takes over what is known of the lead
        self._take_over_consent(sources)
        return super()._marketing_inherit(sources)

    def _marketing_hand_over(self):
        result = super()._marketing_hand_over()
        for contact, leads in self.grouped("partner_id").items():
            contact._take_over_consent(leads)
        return result

    def _merge_get_fields_specific(self):
        newest = {name: lambda name, leads: newest_optin(leads).get(name, False) for name in OPT_IN}
        opt_outs = {name: lambda name, leads: any(leads.mapped(name)) for name in OPT_OUTS}
        return {**super()._merge_get_fields_specific(), **newest, **opt_outs}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _marketing_inherit(self, sources):
        # Odoo's merge fills empty fields only, field by field, which would mix two proofs
        result = super()._marketing_inherit(sources)
        self._take_over_consent(sources)
        return result
