from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_window_id = fields.Many2one(related="company_id.marketing_window_id", readonly=False)
    marketing_qualification_score = fields.Integer(
        related="company_id.marketing_qualification_score", readonly=False
    )
