"""Public holidays of a company: no message leaves on them, where its window says so (S31)."""

from datetime import timedelta

from odoo import models

from ...tools import schedule


class ResCompany(models.Model):
    _inherit = "res.company"

    def _marketing_holidays(self):
        """Local dates of the public holidays in the company's working hours (as ``resource`` keeps them)."""
        self.ensure_one()
        # sudo: holidays are no secret, but salespeople have no access to working schedules
        leaves = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search([("resource_id", "=", False), ("company_id", "in", (self.id, False))])
        )
        days = set()
        zone = self._marketing_zone()
        for leave in leaves:
            day = schedule.to_local(leave.date_from, zone).date()
            last = schedule.to_local(leave.date_to, zone).date()
            while day <= last:
                days.add(day)
                day += timedelta(days=1)
        return frozenset(days)
