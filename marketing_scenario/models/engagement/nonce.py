"""The signed mark of a page shown: against replay, robots and stale texts, without session or cookie (S13)."""

import calendar
import secrets

from odoo import api, models
from odoo.tools import consteq, hmac, html2plaintext

from .. import clock

MIN_SECONDS = 2
NONCE_HOURS = 12


class EngagementNonce(models.Model):
    _inherit = "marketing.engagement.point"

    def _nonce(self, at=None):
        """:return: the signed mark of one page shown: when, in which language, with which consent text."""
        self.ensure_one()
        at = at or clock.now(self.env)
        body = f"{calendar.timegm(at.timetuple())}.{secrets.token_hex(8)}.{self._consent_mark()}"
        return f"{body}.{self._sign('nonce', body)}"

    def _sign(self, scope, *message):
        return hmac(self.env(su=True), f"marketing_engagement_{scope}", (self.id, *message))

    @api.model
    def _plain(self, html):
        """:return: a text of the form as the visitor reads it, without markup."""
        return html2plaintext(html or "").strip()

    def _consent_text_shown(self):
        return self._plain(self.consent_text)

    def _consent_mark(self):
        return self._sign("consent", self._consent_text_shown())[:16]

    def _read_nonce(self, nonce):
        """Judge the mark that a post brings back.

        :return: "ok", "fast" (a robot's speed), "old" (false, expired) or "changed" (another consent text was shown)
        """
        parts = nonce.split(".") if nonce and len(nonce) <= 200 and nonce.isascii() else []
        if len(parts) != 4 or not consteq(self._sign("nonce", ".".join(parts[:3])), parts[3]):
            return "old"
        age = calendar.timegm(clock.now(self.env).timetuple()) - int(parts[0])
        if age > NONCE_HOURS * 3600:
            return "old"
        if parts[2] != self._consent_mark():
            return "changed"
        return "fast" if age < MIN_SECONDS else "ok"
