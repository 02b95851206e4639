"""What keeps the posts of one person in a row."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from .. import clock
from . import sql


class EngagementLatch(models.Model):
    """One row per person posting now. Two transactions for the same person meet here, and the later begins again.

    Without it, two posts at the same moment (two tabs, an impatient program) would each find no one known and create
    the person twice.
    """

    _name = "marketing.engagement.latch"
    _description = "Latch of a form"
    _log_access = False

    identity = fields.Char(required=True)
    at = fields.Datetime(required=True)
    turn = fields.Integer(help="Changes at each post, so that two posts at the same moment always collide.")

    _identity_unique = models.UniqueIndex("(identity)")

    @api.model
    def _hold(self, *texts):
        """Keep other posts of this person, or of this page, waiting until this transaction ends.

        :param texts: what identifies them; empty ones are left out
        :raise: a serialization failure, which Odoo answers by running the whole request again on fresh data
        """
        identities = {hmac(self.env(su=True), "marketing_engagement_latch", text) for text in texts if text}
        if identities:
            sql.hold_latches(self.env.cr, identities, clock.now(self.env))

    @api.autovacuum
    def _gc_latches(self):
        self.search([("at", "<", clock.now(self.env) - timedelta(hours=1))]).unlink()
