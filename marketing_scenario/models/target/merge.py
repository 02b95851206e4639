"""Two records become one (S3): the survivor takes over what the addon knows of the others."""

from odoo import api, models


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_inherit(self, sources):
        """Hook: this record survives a merge with ``sources``; each room hands over its own rows.

        It runs as superuser: who may merge the records merges what belongs to them.
        """

    def _marketing_inherited(self, sources):
        """Hook: all rows of ``sources`` are handed over; they are about to be deleted. It runs as superuser, too."""


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        survivor, sources = self.sudo(), opportunities.sudo()  # sudo: see the hook
        survivor._marketing_inherit(sources)
        survivor._marketing_inherited(sources)
        return result


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Before Odoo rewrites the foreign keys one by one, which the rule "one live run per record and scenario" would
    not stand."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        survivor, sources = dst_partner.sudo(), src_partners.sudo()  # sudo: see the hook
        survivor._marketing_inherit(sources)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        survivor._marketing_inherited(sources)
        return result
