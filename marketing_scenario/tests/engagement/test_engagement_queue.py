"""What a visitor waits for, and what the cron makes of it afterwards (S13, S44, S45)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models import clock
from ..engagement_common import VISITOR, EngagementMixin


@tagged("-at_install", "post_install")
class TestEngagementQueue(EngagementMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Submission = cls.env["marketing.engagement.submission"]

    def post(self, email, **meta):
        public = self.env["marketing.engagement.point"]._public_point(self.point.token, "en_US")
        answer = public._intake({"email": email, "consent": "1", "nonce": self.nonce()}, {**VISITOR, **meta})
        self.assertEqual(answer["status"], "ok")
        return answer["submission"].with_env(self.env)

    def at(self, **later):
        moment = clock.now(self.env) + timedelta(**later)
        return patch.object(clock, "now", lambda env: moment)

    def failing_for(self, *names):
        """Submissions of these names cannot be worked on."""
        process = type(self.Submission)._process

        def fail(submission):
            if submission.email in names:
                raise ValueError("no team")
            return process(submission)

        return patch.object(type(self.Submission), "_process", fail)

    def test_a_visitor_waits_for_the_row_only(self):
        crons = self.env["ir.cron.trigger"].search_count([])
        submission = self.post("ann@example.com")
        self.assertEqual((submission.state, submission.lead_id.id, self.events), ("received", False, []))
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), crons + 1)
        self.assertEqual(self.Submission._work_off(), 1)
        self.assertEqual((submission.state, submission.lead_id.email_from), ("done", "ann@example.com"))
        self.assertTrue(submission.lead_id.marketing_optin)
        self.assertEqual([event[0] for event in self.events], ["form_filled"])
        self.assertEqual(self.Submission._work_off(), 0)

    def test_consent_is_dated_when_the_box_was_ticked(self):
        submission = self.post("ann@example.com")
        with self.at(minutes=3):
            self.Submission._work_off()
        self.assertEqual(submission.consent_date, submission.at)

    def test_a_server_learns_at_once_what_was_made(self):
        submission = self.post("ann@example.com", trusted=True)
        self.assertEqual(submission.state, "done")
        self.assertTrue(submission._ids_made()["lead_id"])

    def test_one_bad_post_holds_up_no_other_and_is_parked_in_the_end(self):
        posts = [self.post(f"{name}@example.com") for name in ("ann", "bad", "cleo")]
        with self.failing_for("bad@example.com"):
            self.assertEqual(self.Submission._work_off(), 3)
            self.assertEqual([post.state for post in posts], ["done", "received", "done"])
            self.assertEqual(posts[1].message, "no team")
            self.assertEqual(posts[1].next_try_at, clock.now(self.env) + timedelta(minutes=1))
            self.assertEqual(self.Submission._work_off(), 0)
            for days in range(1, 6):
                with self.at(days=2 * days):
                    self.assertEqual(self.Submission._work_off(), 1)
        self.assertEqual((posts[1].state, posts[1].next_try_at, posts[1].lead_id.id), ("error", False, False))
        posts[1].action_retry()
        self.Submission._work_off()
        self.assertEqual((posts[1].state, posts[1].message), ("done", False))
        self.assertTrue(posts[1].lead_id)

    def test_two_posts_of_a_stranger_in_one_batch_are_one_person(self):
        first, second = self.post("ann@example.com"), self.post("ANN@example.com")
        self.Submission._work_off()
        self.assertEqual(first.lead_id, second.lead_id)

    def test_language_and_company_of_the_post(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.point.company_id = other
        self.env["res.lang"]._activate_lang("fr_FR")
        point = self.env["marketing.engagement.point"]._public_point(self.point.token, "fr_FR")
        values = {"email": "ann@example.com", "nonce": point._nonce(at=clock.now(self.env) - timedelta(minutes=1))}
        submission = point._intake(values, VISITOR)["submission"].with_env(self.env)
        self.Submission._work_off()
        self.assertEqual((submission.lead_id.company_id, submission.lead_id.lang_id.code), (other, "fr_FR"))
