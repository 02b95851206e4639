from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # a lead without contact looks for its person by address and by number; Odoo indexes neither for equality
    _marketing_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _marketing_number_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
