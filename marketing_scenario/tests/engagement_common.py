"""Shared by the tests of the engagement points."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import HttpCase

from ..models import clock

VISITOR = {"ip": "203.0.113.7", "user_agent": "test", "api": False}


class EngagementMixin:
    """A form with its first fields, and the events it notes collected in ``self.events``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        company.country_id = cls.env.ref("base.fr")
        cls.point = cls.env["marketing.engagement.point"].create(
            {"name": "Brochure", "title": "Get our brochure", "rate_limit": 0}
        )

    def setUp(self):
        super().setUp()
        self.events = events = []

        def note(model, kind, records, payload=None):
            events.append((kind, records._name, records.ids, payload))

        self.patch(self.env.registry["marketing.automatism.event"], "_note", note)

    def nonce(self, seconds=60, point=None):
        """A mark of a page shown ``seconds`` ago, to a visitor of the test's language."""
        public = self.env["marketing.engagement.point"]._public_point((point or self.point).token, "en_US")
        return public._nonce(at=clock.now(public.env) - timedelta(seconds=seconds))

    def intake(self, point=None, meta=None, **values):
        """Post ``values`` as the hosted page does, without HTTP; the cron works. Out: the answer of ``_intake``."""
        point = point or self.point
        values.setdefault("nonce", self.nonce(point=point))
        public = self.env["marketing.engagement.point"]._public_point(point.token, "en_US")
        answer = public._intake(values, meta or VISITOR)
        self.work_off()
        return answer

    def work_off(self):
        moment = clock.now(self.env) + timedelta(minutes=10)  # a request has a later one than the test
        with patch.object(clock, "now", lambda env: moment):
            self.env["marketing.engagement.submission"]._work_off()
        self.env.invalidate_all()

    def submit(self, point=None, **values):
        """Post and expect success. Out: the new submission."""
        point = point or self.point
        known = point.submission_ids
        answer = self.intake(point, **values)
        self.assertEqual(answer["status"], "ok", answer)
        point.invalidate_recordset()
        return point.submission_ids - known


class EngagementHttpCase(EngagementMixin, HttpCase):
    """Posts over HTTP as a stranger."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.path = f"/marketing/form/{self.point.token}"

    def post(self, nonce=None, path=None, **values):
        values["nonce"] = self.nonce() if nonce is None else nonce
        answer = self.url_open(path or self.path, data=values, allow_redirects=False)
        self.work_off()
        return answer

    def post_json(self, values, headers=None, path=None):
        """Post as a page does that has read the form; without a nonce when ``values`` says so or a key is sent."""
        headers = headers or {}
        if "nonce" not in values and "X-Marketing-Key" not in headers:
            values = {**values, "nonce": self.nonce()}
        values = {name: value for name, value in values.items() if (name, value) != ("nonce", None)}
        answer = self.url_open(path or f"{self.path}/json", json=values, headers=headers)
        self.work_off()
        return answer

    def assertNothingCreated(self):
        self.assertFalse(self.env["marketing.engagement.submission"].search_count([]))
        self.assertFalse(
            self.env["crm.lead"].search_count(
                [("create_date", ">=", self.env.cr.now()), ("name", "like", "Get our brochure")]
            )
        )
        self.assertFalse(self.events)
