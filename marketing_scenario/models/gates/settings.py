from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_window_id = fields.Many2one(related="company_id.marketing_window_id", readonly=False)
    marketing_cap_count = fields.Integer(related="company_id.marketing_cap_count", readonly=False)
    marketing_cap_days = fields.Integer(related="company_id.marketing_cap_days", readonly=False)
    marketing_cap_action = fields.Selection(related="company_id.marketing_cap_action", readonly=False)
    marketing_bounce_limit = fields.Float(related="company_id.marketing_bounce_limit", readonly=False)
    marketing_bounce_sample = fields.Integer(related="company_id.marketing_bounce_sample", readonly=False)
