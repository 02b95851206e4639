"""Two small tables of the public forms: views, and the latch that keeps one person's posts in a row."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from . import engine_sql


class EngagementVisit(models.Model):
    """Views of a form. One row per view, so that visitors never wait for each other; past days become one row each.

    Bears nothing about the visitor.
    """

    _name = "marketing.engagement.visit"
    _description = "Engagement Point Views"
    _log_access = False
    _order = "day desc, id"

    point_id = fields.Many2one("marketing.engagement.point", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True)
    views = fields.Integer(default=1)

    @api.autovacuum
    def _gc_merge_days(self):
        past = [("day", "<", self.env["marketing.scenario.engine"]._now().date())]
        for point, day, views, count in self._read_group(past, ["point_id", "day:day"], ["views:sum", "__count"]):
            if count > 1:
                rows = self.search([("point_id", "=", point.id), ("day", "=", day)])
                rows[0].views = views
                rows[1:].unlink()


class EngagementLatch(models.Model):
    """One row per person posting now. Two transactions for the same person meet here, and the later begins again.

    Without it, two posts at the same moment (two tabs, an impatient program) would each find nobody known and create
    the person twice.
    """

    _name = "marketing.engagement.latch"
    _description = "Engagement Point Latch"
    _log_access = False

    identity = fields.Char(required=True)
    at = fields.Datetime(required=True)
    turn = fields.Integer(help="Changes at each post, so that two posts at the same moment always collide.")

    _identity_unique = models.UniqueIndex("(identity)")

    @api.model
    def _hold(self, *texts):
        """Keep other posts of this person, or of this page, waiting until this transaction ends.

        In: what identifies them; empty ones are left out. Errors: a serialization failure, which Odoo answers by
        running the whole request again on fresh data.
        """
        identities = {hmac(self.env(su=True), "marketing_engagement_latch", text) for text in texts if text}
        if identities:
            engine_sql.hold_latches(self.env.cr, identities, self.env["marketing.scenario.engine"]._now())

    @api.autovacuum
    def _gc_latches(self):
        self.search([("at", "<", self.env["marketing.scenario.engine"]._now() - timedelta(hours=1))]).unlink()
