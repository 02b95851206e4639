"""The time zone of a company, the last answer when nothing nearer to a person tells one (S30)."""

import pytz

from odoo import models

UNSAID = (False, "UTC")  # Odoo gives UTC to the working hours of a company made before anyone had a time zone


class ResCompany(models.Model):
    _inherit = "res.company"

    def _marketing_zone(self):
        """Name of the zone: the company's own, else its working hours', else its country's first, else UTC."""
        self.ensure_one()
        # sudo: the zone is no secret, but salespeople have no access to working schedules
        company = self.sudo()
        if company.partner_id.tz:
            return company.partner_id.tz
        if company.resource_calendar_id.tz not in UNSAID:
            return company.resource_calendar_id.tz
        zones = pytz.country_timezones.get(company.country_id.code or "", ())
        return zones[0] if zones else "UTC"
