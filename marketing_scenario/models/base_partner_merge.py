from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts (S3): the survivor takes over the runs before Odoo rewrites the foreign keys one by one,
    which the rule "one live run per record and scenario" would not stand."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: whoever may merge the contacts merges their runs
        dst_partner.sudo()._marketing_inherit(src_partners.sudo())
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _get_summable_fields(self):
        return [*super()._get_summable_fields(), "marketing_own_score"]
