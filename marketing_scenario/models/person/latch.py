"""What keeps two transactions about one person, or one thing, in a row."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from .. import clock
from ..conflicts import nightly
from . import sql


class MarketingLatch(models.Model):
    """One row per identity and purpose. Two transactions for the same one meet here, and the later begins again.

    Without it, two posts of a form at the same moment (two tabs, an impatient program) would each find no one known
    and create the person twice; two batches would each find room for one more message below the frequency cap, or
    the same name free.
    """

    _name = "marketing.latch"
    _description = "Latch"
    _log_access = False

    identity = fields.Char(required=True)
    at = fields.Datetime(required=True)
    turn = fields.Integer(help="Changes at each use, so that two at the same moment always collide.")

    _identity_unique = models.UniqueIndex("(identity)")

    @api.model
    def _hold(self, purpose, texts):
        """Keep others with the same purpose and one of these texts waiting until this transaction ends.

        :param purpose: what it is for; two purposes never meet
        :param texts: what identifies the person or thing: addresses, numbers, a name; empty ones are left out. Only
            their digests are stored
        :raise: a serialization failure, which Odoo answers by running the whole request again on fresh data, and the
            engine by taking the batch again
        """
        su_env = self.env(su=True)
        identities = {hmac(su_env, f"marketing_latch_{purpose}", text) for text in texts if text}
        if identities:
            sql.hold_latches(self.env.cr, identities, clock.now(self.env))

    @nightly
    def _gc_latches(self):
        sql.forget_latches(self.env.cr, clock.now(self.env) - timedelta(hours=1))
