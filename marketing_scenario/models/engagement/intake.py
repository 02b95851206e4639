"""Taking a post in: the public door of the forms (S13). Everything a stranger sends passes through here."""

import calendar
import hashlib
import json
from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.tools import consteq, hmac

from .. import clock
from .field import HONEYPOT, RESERVED, TOUCHED, plain_text
from .files import Upload
from .point import TOKEN

MAX_FIELDS = 100
SELECTOR_LENGTH = 8
# A program that posts JSON twice within this time, word for word, repeats itself.
REPEAT_SECONDS = 600


class EngagementIntake(models.Model):
    _inherit = "marketing.engagement.point"

    @api.model
    def _public_point(self, token, lang=None, archived=False):
        """THE seam between the public and the data: everything after it runs as superuser.

        A visitor has no rights at all and must have none; the forms have to find people, create leads and write consent
        for them. Who gets through has named an existing form by its secret token; what they may do is only what the
        form says (``_intake``).

        :param token: of the address
        :param lang: language code
        :param archived: for the preview of signed-in users
        :return: the form in the superuser's environment, in its company; empty for anything wrong
        """
        Point = self.with_user(SUPERUSER_ID).with_context(
            lang=lang or self.env.lang, active_test=not archived, mail_notify_force_send=False
        )
        if not TOKEN.fullmatch(token):
            return Point.browse()
        # The database is asked for the first characters only, the secret rest is compared in constant time (S48).
        candidates = Point.search([("token", "=like", f"{token[:SELECTOR_LENGTH]}%")])
        point = candidates.filtered(lambda candidate: consteq(candidate.token, token))
        return point.with_company(point.company_id) if point.company_id else point

    @api.model
    def _public_submission(self, payload, lang=None):
        """The same seam for a confirmation link, which is signed and names one submission.

        :return: it, or empty
        """
        Submission = self.env["marketing.engagement.submission"].with_user(SUPERUSER_ID)
        submission = Submission.with_context(
            lang=lang or self.env.lang, mail_notify_force_send=False
        )._by_confirm_payload(payload)
        return submission.with_company(submission.company_id) if submission.company_id else submission

    def _count_view(self):
        """One more view today."""
        self.ensure_one()
        self.env["marketing.engagement.visit"].create({"point_id": self.id, "day": clock.now(self.env).date()})

    def _intake(self, raw, meta):
        """Take one post in, whole or not at all; what follows from it is done in a moment (``_work_off``).

        :param raw: {name: value} as posted
        :param meta: {"ip", "user_agent", "api": True for JSON, "trusted": True when the form's server key came with it}
        :return: {"status", "errors": {name: sentence}, "values": {key: text}, "nonce": the page's mark while it holds,
            "submission": the one made, or repeated}. Status: "ok" (taken in, or a repetition, or spam: the visitor sees
            no difference), "invalid", "unknown" (a name the form does not have), "stale" (show a fresh page with the
            values) or "limited". Nothing is created unless "ok".
        :raise: concurrency errors, on which Odoo runs the request again
        """
        self.ensure_one()
        if len(raw) > MAX_FIELDS:
            return self._answer("unknown", {"": self.env._("Too many fields: %(limit)s at most.", limit=MAX_FIELDS)})
        known = {field.key: field for field in self.field_ids}
        if strange := [name for name in raw if name not in known and name not in RESERVED]:
            return self._answer(
                "unknown",
                {
                    plain_text(name)[:64]: self.env._("Unknown field “%(name)s”.", name=plain_text(name)[:64])
                    for name in strange
                },
            )
        uploads = {field.key: Upload.from_json(raw.get(field.key)) for field in self.field_ids if field.kind == "file"}
        values, mistakes = self._clean_values({**raw, **uploads})
        nonce = plain_text(raw.get("nonce") or "")
        trusted = bool(meta.get("trusted"))
        check = "ok" if trusted else self._read_nonce(nonce)
        mark = self._sign("replay", nonce) if nonce else self._repeat_mark(values, uploads, meta)
        Submission = self.env["marketing.engagement.submission"]
        if check != "old" and (known := Submission.search([("nonce_hash", "=", mark)], limit=1)):
            return self._answer("ok", submission=known)
        if sentence := self._refused_mark(check, nonce, meta):
            unticked = {field.key: "" for field in self.field_ids if field.kind == "consent" and check == "changed"}
            return self._answer("stale", {"nonce": sentence}, values | unticked)
        if mistakes:
            return self._answer("invalid", mistakes, values, nonce)
        if not trusted and self._is_limited(meta):
            return self._answer(
                "limited",
                {"": self.env._("Too many submissions from your address. Please try again in an hour.")},
                values,
                nonce,
            )
        spam = self._spam_reason(raw, check)
        # A second post of this page at the same moment begins again, and then finds this one.
        self.env["marketing.latch"]._hold("form", [mark])
        submission = Submission.create(self._submission_values(raw, values, meta, mark, spam))
        submission._keep_files({key: upload for key, upload in uploads.items() if upload})
        if not spam:
            # a server is told what was made of its post; a visitor waits for nothing but the row
            submission._process() if trusted else submission._wake_cron()
        return self._answer("ok", submission=submission)

    def _answer(self, status, mistakes=None, values=None, nonce=None, submission=None):
        return {
            "status": status,
            "errors": mistakes or {},
            "values": values or {},
            "nonce": nonce,
            "submission": submission,
        }

    def _refused_mark(self, check, nonce, meta):
        """:return: the sentence why the mark of the page does not do, or False. A program is told what to do."""
        if meta.get("api") and not meta.get("trusted"):
            if not nonce:
                return self.env._(
                    "Read the form first (GET this address) and send its “nonce” back; a server sends the key of the "
                    "form in the header X-Marketing-Key instead."
                )
            if check == "fast":
                return self.env._("Sent too soon after the form was read. Send it again in a few seconds.")
        return {
            "old": self.env._("This page was open for a long time. Please check your answers and send them again."),
            "changed": self.env._("The consent text has changed. Please read it and send your answers again."),
        }.get(check, False)

    def _spam_reason(self, raw, check):
        """:return: why this post is a robot's, or False.

        Speed alone proves nothing: a browser fills in a form by itself and its owner presses the button within a
        second. So a fast post counts as a robot's only when no key, finger or pointer was used on the page either.
        """
        if raw.get(HONEYPOT):
            return "trap"
        return "fast" if check == "fast" and not raw.get(TOUCHED) else False

    def _clean_values(self, raw):
        """:return: ({key: text}, {key: error sentence}) over all fields of the form."""
        countries = self.env["res.country"]
        for field in self.field_ids.filtered(
            lambda field: field.maps_to == "country" and field.kind in ("choice", "hidden")
        ):
            countries |= countries._marketing_find(plain_text(raw.get(field.key) or ""))
        numbers = [raw.get(field.key) for field in self.field_ids if field.kind == "phone"]
        country = countries[:1] or (self._home_country() if any(numbers) else countries)
        values, mistakes = {}, {}
        for field in self.field_ids:
            values[field.key], mistake = field._clean(raw.get(field.key), country)
            if mistake:
                mistakes[field.key] = mistake
        return values, mistakes

    def _home_country(self):
        """The country in which numbers without a prefix are read."""
        holder = (self.company_id or self.env.company).partner_id
        holder.fetch(["country_id"])  # one of a hundred columns; res.company looks for the best of its addresses
        return holder.country_id

    def _repeat_mark(self, values, uploads, meta):
        moment = calendar.timegm(clock.now(self.env).timetuple()) // REPEAT_SECONDS
        contents = [
            hashlib.sha256(upload.data).hexdigest() for upload in uploads.values() if isinstance(upload, Upload)
        ]
        return self._sign("repeat", moment, meta.get("ip") or "", json.dumps([values, contents], sort_keys=True))

    def _ip_hash(self, ip):
        network = ":".join(ip.split(":")[:4]) if ip and ":" in ip else ip or ""
        return hmac(self.env(su=True), "marketing_engagement_ip", network)

    def _is_limited(self, meta):
        since = clock.now(self.env) - timedelta(hours=1)
        recent = [("point_id", "=", self.id), ("ip_hash", "=", self._ip_hash(meta.get("ip"))), ("at", ">", since)]
        return (
            bool(self.rate_limit)
            and self.env["marketing.engagement.submission"].search_count(recent, limit=self.rate_limit)
            >= self.rate_limit
        )

    def _submission_values(self, raw, values, meta, mark, spam):
        by_target = {field.maps_to: values[field.key] for field in self.field_ids if values.get(field.key)}
        extra = {name: plain_text(raw.get(name) or "")[:1000] for name in ("page_url", "referrer")}
        extra |= {name: plain_text(raw.get(name) or "")[:100] for name in ("utm_source", "utm_medium", "utm_campaign")}
        ticked = any(values[field.key] for field in self.field_ids if field.kind == "consent")
        name = by_target.get("name") or " ".join(
            filter(None, (by_target.get("first_name"), by_target.get("last_name")))
        )
        now = clock.now(self.env)
        return extra | {
            "point_id": self.id,
            "company_id": self.company_id.id,
            "at": now,
            "state": "spam" if spam else "received",
            "next_try_at": now,
            "spam_reason": spam,
            "name": name,
            "email": by_target.get("email"),
            "phone": by_target.get("phone"),
            "values": values,
            "ip": meta.get("ip"),
            "ip_hash": self._ip_hash(meta.get("ip")),
            "nonce_hash": mark,
            "user_agent": plain_text(meta.get("user_agent") or "")[:500],
            "lang": self.env.lang,
            "consent": ticked,
            "consent_text": self._consent_text_shown() if ticked else False,
        }
