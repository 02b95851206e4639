from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_qualify_converts = fields.Boolean(related="company_id.marketing_qualify_converts", readonly=False)
    marketing_won_makes_customer = fields.Boolean(related="company_id.marketing_won_makes_customer", readonly=False)
