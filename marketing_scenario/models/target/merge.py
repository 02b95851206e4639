"""Two records become one (S3): the survivor takes over what the addon knows of the others."""

from odoo import api, models


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_inherit(self, sources):
        """Hook: this record survives a merge with ``sources``; each room hands over its own rows.

        It runs as superuser: who may merge the records merges what belongs to them.
        """


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self.sudo()._marketing_inherit(opportunities.sudo())  # sudo: see the hook
        return result


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Before Odoo rewrites the foreign keys one by one, which the rule "one live run per record and scenario" would
    not stand."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        dst_partner.sudo()._marketing_inherit(src_partners.sudo())  # sudo: see the hook
        return super()._update_foreign_keys(src_partners, dst_partner)
