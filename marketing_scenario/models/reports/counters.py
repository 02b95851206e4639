"""Reports of millions of messages answer at once: what happened in an hour is counted, and what changed since is read.

An hour is noted as stale, by triggers of the database, in the transaction that changes one of the rows that it is
counted from; nothing that writes them can forget it. Until it is counted anew, its rows are read.
"""

from odoo import api, fields, models

from ..engine.drain import drain
from . import sql

BATCH = 200  # hours
CRON = "marketing_scenario.ir_cron_count_hours"


class MarketingReportHour(models.AbstractModel):
    _name = "marketing.report.hour"
    _description = "Counters of an hour"
    _log_access = False
    _rec_name = "hour"

    # plain numbers instead of links: who is deleted has their hours counted anew, and nobody waits for it
    hour = fields.Datetime(required=True, index=True)
    door = fields.Char()
    lang = fields.Char()
    user_id = fields.Integer()
    source_id = fields.Integer()
    number = fields.Integer()


class MarketingReportEntryHour(models.Model):
    """Entries of an hour that are alike, as ``sql.entries`` tells them."""

    _name = "marketing.report.entry.hour"
    _description = "Entries of an hour"
    _inherit = ["marketing.report.hour"]

    scenario_id = fields.Integer()
    company_id = fields.Integer()
    target_kind = fields.Char()
    reached = fields.Integer()
    days = fields.Float()
    value = fields.Float(digits=(16, 2))


class MarketingReportMessageHour(models.Model):
    """Messages of an hour that are alike, as ``sql.messages`` tells them."""

    _name = "marketing.report.message.hour"
    _description = "Messages of an hour"
    _inherit = ["marketing.report.hour"]

    mailing_id = fields.Integer()
    run_company_id = fields.Integer("Company")
    trace_type = fields.Char()
    sent = fields.Integer()
    delivered = fields.Integer()
    opened = fields.Integer()
    opened_by_machine = fields.Integer()
    clicked = fields.Integer()
    replied = fields.Integer()
    bounced = fields.Integer()
    failed = fields.Integer()
    opted_out = fields.Integer()


class MarketingReportStale(models.Model):
    """An hour in which something changed since it was counted. The same one may be noted often: nobody waits for it."""

    _name = "marketing.report.stale"
    _description = "Hours to be counted"
    _log_access = False
    _rec_name = "hour"

    hour = fields.Datetime(required=True)

    @api.private
    def init(self):
        self.pool.post_init(sql.watch, self.env.cr)

    @api.model
    def _cron_count(self):
        """Count the hours in which something has changed until now."""
        last = self.search([], order="id desc", limit=1).id
        if not last:
            return
        drain(self.env.ref(CRON), lambda: sql.count_hours(self.env.cr, last, BATCH), lambda: None)
