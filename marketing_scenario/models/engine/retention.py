"""Clean-up of finished runs after a time the manager chooses (0: keep everything)."""

from odoo import models

from ...tools import schedule
from .. import clock
from ..conflicts import nightly
from . import sql

PARAMETER = "marketing_scenario.retention_days"
BATCH_SIZE = 5000
BATCHES = 20  # of one vacuum: the rest waits for the next night


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    @nightly
    def _gc_finished_runs(self):
        """Delete runs that ended longer ago than the retention, with their traces, batch by batch.

        A deleted run no longer counts for "may enter again: never" (S10); the setting says so.

        :return: ``(deleted, whether more is left)`` as Odoo's autovacuum expects
        """
        days = int(self.env["ir.config_parameter"].sudo().get_param(PARAMETER, 0) or 0)
        if days <= 0:
            return 0, False
        limit = clock.now(self.env) - schedule.span(days)
        deleted = batch = 0
        for _number in range(BATCHES):
            batch = sql.delete_finished(self.env.cr, limit, BATCH_SIZE)
            deleted += batch
            if batch < BATCH_SIZE:
                break
        self.env.invalidate_all()
        return deleted, batch == BATCH_SIZE
