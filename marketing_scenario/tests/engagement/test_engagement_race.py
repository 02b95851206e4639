"""Two real transactions posting at the same moment: one submission, one person (S13)."""

import threading

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from ...models import clock
from ..engagement_common import VISITOR

EMAIL = "ann.race@example.com"


@tagged("-at_install", "post_install")
class TestEngagementRace(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's runner holds this lock during the tests; our threads need it.
        self.patch(Registry, "_lock", DummyRLock())
        with self.registry.cursor() as cr:
            point = self.environment(cr)["marketing.engagement.point"].create({"name": "Race", "rate_limit": 0})
            self.token = point.token
        self.addCleanup(self.tidy)

    def environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            point = env["marketing.engagement.point"].search([("token", "=", self.token)])
            point.submission_ids.lead_id.unlink()
            point.unlink()
            env["marketing.latch"].search([]).unlink()

    def post(self, barrier, values, outcomes):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            first_try = [True]

            def take_in():
                point = env["marketing.engagement.point"]._public_point(self.token, "en_US")
                if first_try:
                    first_try.clear()
                    barrier.wait(20)
                # a server's post is worked on at once, in the request
                return point._intake(dict(values), {**VISITOR, "trusted": True})

            outcomes.append(retrying(take_in, env)["status"])

    def race(self, *posts):
        barrier, outcomes = threading.Barrier(len(posts)), []
        threads = [threading.Thread(target=self.post, args=(barrier, values, outcomes)) for values in posts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(outcomes, ["ok"] * len(posts))
        with self.registry.cursor() as cr:
            submissions = (
                self.environment(cr)["marketing.engagement.point"].search([("token", "=", self.token)]).submission_ids
            )
            return len(submissions), len(submissions.lead_id)

    def nonces(self, count):
        with self.registry.cursor() as cr:
            point = self.environment(cr)["marketing.engagement.point"]._public_point(self.token, "en_US")
            hour_ago = clock.now(point.env).replace(minute=0)
            return [point._nonce(at=hour_ago) for _ in range(count)]

    def test_double_click(self):
        [nonce] = self.nonces(1)
        values = {"email": EMAIL, "nonce": nonce}
        self.assertEqual(self.race(values, values), (1, 1))

    def test_two_pages_of_one_person(self):
        first, second = self.nonces(2)
        self.assertEqual(self.race({"email": EMAIL, "nonce": first}, {"email": EMAIL.upper(), "nonce": second}), (2, 1))
        # The latches exist now: the second way to collide.
        third, fourth = self.nonces(2)
        self.assertEqual(self.race({"email": EMAIL, "nonce": third}, {"email": EMAIL, "nonce": fourth}), (4, 1))

    def test_form_without_address(self):
        with self.registry.cursor() as cr:
            fields = self.environment(cr)["marketing.engagement.point"].search([("token", "=", self.token)]).field_ids
            fields.required = False
        [nonce] = self.nonces(1)
        self.assertEqual(self.race({"nonce": nonce}, {"nonce": nonce}), (1, 1))

    def test_stale_snapshot_is_noticed(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            other = self.environment(two)
            other["marketing.latch"].search([])
            self.environment(one)["marketing.latch"]._hold("form", [EMAIL, None])
            one.commit()
            with self.assertRaises(SerializationFailure):
                other["marketing.latch"]._hold("form", [EMAIL])
            two.rollback()
