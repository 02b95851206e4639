"""Replay, robots and floods: one submission per page shown, none for robots (S13)."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engagement_common import VISITOR, EngagementHttpCase


@tagged("-at_install", "post_install")
class TestEngagementSpam(EngagementHttpCase):
    def setUp(self):
        super().setUp()
        self.Submission = self.env["marketing.engagement.submission"]

    def test_replay_gets_the_same_answer_and_no_second_submission(self):
        nonce = self.nonce()
        answers = [self.post(nonce, email="ann@example.com") for _ in range(3)]
        self.assertEqual(
            {(answer.status_code, answer.headers["Location"]) for answer in answers},
            {(303, answers[0].headers["Location"])},
        )
        self.assertEqual(self.Submission.search_count([]), 1)
        self.assertEqual(len(self.events), 1)

    def test_database_refuses_a_second_submission_of_one_page(self):
        nonce = self.nonce()
        self.submit(email="ann@example.com", nonce=nonce)
        # Even if a post did not see the other one.
        self.patch(
            self.env.registry["marketing.engagement.submission"],
            "search",
            lambda model, *args, **kwargs: model.browse(),
        )
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.intake(email="ann@example.com", nonce=nonce)

    def test_honeypot(self):
        answer = self.post(email="ann@example.com", hp_site="http://spam.example.com")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.Submission.search([]).state, "spam")
        self.assertFalse(self.Submission.search([]).lead_id)
        self.assertFalse(self.events)
        self.assertEqual(self.point.fill_count, 0)

    def test_too_fast_without_a_hand_on_the_page_is_kept_with_its_reason(self):
        self.assertEqual(self.post(self.nonce(seconds=-3600), email="ann@example.com").status_code, 303)
        spam = self.Submission.search([])
        self.assertEqual((spam.state, spam.spam_reason), ("spam", "fast"))
        self.assertFalse(self.events)
        self.assertEqual((self.point.fill_count, self.point.spam_count), (0, 1))

    def test_autofill_after_a_second_is_no_spam(self):
        self.post(self.nonce(seconds=-3600), email="ann@example.com", touched="1")
        self.assertEqual(self.Submission.search([]).state, "done")
        self.assertEqual(len(self.events), 1)

    def test_spam_that_was_none_is_processed_once(self):
        spam = self.submit(email="ann@example.com", consent="1", hp_site="filled by the browser")
        self.assertEqual(spam.spam_reason, "trap")
        reader = new_test_user(self.env, "reader", groups="marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            spam.with_user(reader).action_not_spam()
        manager = new_test_user(self.env, "builder", groups="marketing_scenario.group_scenario_manager")
        for _ in range(2):
            self.assertTrue(spam.with_user(manager).action_not_spam())
        self.assertEqual(spam.state, "done")
        self.assertEqual(spam.lead_id.email_from, "ann@example.com")
        self.assertTrue(spam.lead_id.marketing_optin)
        self.assertEqual(len(self.events), 1)

    def test_correcting_a_mistake_quickly_is_no_spam(self):
        nonce = self.nonce()
        answer = self.post(nonce, email="wrong")
        self.assertIn(nonce, answer.text)
        self.assertEqual(self.post(nonce, email="ann@example.com").status_code, 303)
        self.assertEqual(self.Submission.search([]).state, "done")

    def test_old_false_and_foreign_marks_reload_with_the_values(self):
        other = self.env["marketing.engagement.point"].create({"name": "Other"})
        good = self.nonce()
        for nonce in (
            self.nonce(seconds=13 * 3600),
            good[:-1] + ("0" if good[-1] != "0" else "1"),
            self.nonce(point=other),
            "",
            "é.a.b.c",
            "1.2.3.é",
            "1.2.3.4",
            "x" * 9000,
        ):
            answer = self.post(nonce, email="ann@example.com")
            self.assertEqual(answer.status_code, 400, nonce)
            self.assertIn("was open for a long time", answer.text)
            self.assertIn('value="ann@example.com"', answer.text)
        self.assertNothingCreated()

    def test_consent_text_changed_meanwhile(self):
        nonce = self.nonce()
        self.point.consent_text = "<p>I agree to everything.</p>"
        self.env.flush_all()
        answer = self.post(nonce, email="ann@example.com", consent="1")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("The consent text has changed", answer.text)
        self.assertNotIn("checked=", answer.text)
        self.assertNothingCreated()

    def test_rate_limit(self):
        self.point.rate_limit = 2
        self.env.flush_all()
        statuses = [self.post(email=f"ann{number}@example.com").status_code for number in range(4)]
        self.assertEqual(statuses, [303, 303, 429, 429])
        self.assertEqual(self.Submission.search_count([]), 2)
        other_address = dict(VISITOR, ip="198.51.100.9")
        self.assertEqual(self.intake(meta=other_address, email="ann9@example.com")["status"], "ok")
        self.Submission.search([]).write({"at": self.env.cr.now() - timedelta(hours=2)})
        self.env.flush_all()
        self.assertEqual(self.post(email="ann5@example.com").status_code, 303)

    def test_neighbours_of_one_ipv6_network_count_together(self):
        self.point.rate_limit = 1
        self.assertEqual(self.intake(meta=dict(VISITOR, ip="2001:db8:1:2::5"), email="a@example.com")["status"], "ok")
        self.assertEqual(
            self.intake(meta=dict(VISITOR, ip="2001:db8:1:2::6"), email="b@example.com")["status"], "limited"
        )
        self.assertEqual(self.intake(meta=dict(VISITOR, ip="2001:db8:1:3::6"), email="c@example.com")["status"], "ok")

    def test_captcha_refusal_keeps_the_values(self):
        self.patch(self.env.registry["marketing.engagement.point"], "_is_captcha_ready", lambda point: True)
        self.point.use_captcha = True
        self.env.flush_all()

        text = "Suspicious activity"

        def refuse(model, action):
            raise UserError(text)

        self.patch(self.env.registry["ir.http"], "_verify_request_recaptcha_token", refuse)
        answer = self.post(email="ann@example.com")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Suspicious activity", answer.text)
        self.assertIn('data-captcha="marketing_form"', answer.text)
        self.assertNothingCreated()

    def test_captcha_that_would_check_nothing_cannot_be_switched_on(self):
        parameter = self.env["ir.config_parameter"]
        parameter.set_param("recaptcha_private_key", False)
        with self.assertRaisesRegex(ValidationError, "reCAPTCHA is not set up"):
            self.point.use_captcha = True
        self.patch(self.env.registry["marketing.engagement.point"], "_is_captcha_ready", lambda point: True)
        self.point.use_captcha = True
        self.assertFalse(self.point.captcha_missing)
        self.patch(self.env.registry["marketing.engagement.point"], "_is_captcha_ready", lambda point: False)
        self.point.invalidate_recordset()
        self.assertTrue(self.point.captcha_missing, "the keys went later: the form says so")

    def test_old_spam_and_views_are_tidied(self):
        spam = self.submit(email="ann@example.com", hp_site="x")
        spam.at = self.env.cr.now() - timedelta(days=31)
        self.Submission._gc_spam()
        self.assertFalse(spam.exists())
        Visit = self.env["marketing.engagement.visit"]
        Visit.create(
            [{"point_id": self.point.id, "day": "2020-01-01"}] * 3 + [{"point_id": self.point.id, "day": "2020-01-02"}]
        )
        Visit._gc_merge_days()
        self.assertEqual(Visit.search([("point_id", "=", self.point.id)]).mapped("views"), [1, 3])
        self.point.invalidate_recordset()
        self.assertEqual(self.point.view_count, 4)
