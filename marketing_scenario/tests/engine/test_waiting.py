"""Waits for a condition: whose deadline it is, when it is tested again, and what it may not answer too early (S24)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..automatism_common import AutomatismCase
from ..common import MONDAY

ENGINE_LOG = "odoo.addons.marketing_scenario.models.engine.engine"
MAIL = {"email_subject": "Hi", "email_body_html": '<p><a href="https://a.example.com">Yes</a></p>'}


@tagged("post_install", "-at_install")
class TestWaiting(AutomatismCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.has_tag = {"kind": "tag", "tag_id": cls.tag.id}

    def wait_for(self, *rules, days=5, before=(), **vals):
        settings = {"if_wait_days": days, "rule_ids": [(0, 0, rule) for rule in rules], **vals}
        rest = {"pause_days": 30}
        return self._make_scenario(
            *before,
            ("if", settings, "wait", {"yes": [("pause", rest, "yes")], "no": [("pause", rest, "no")]}),
            name="Waiting",
        )

    def enter(self, scenario, record=None):
        enrollment = self._enroll(scenario, record or self.contact)
        self.run_due()
        return enrollment

    def message(self, enrollment):
        return self.env["mailing.trace"].search([("marketing_enrollment_id", "=", enrollment.id)], limit=1)

    # -- the deadline belongs to the step ---------------------------------------------------------------------------

    def test_the_second_wait_has_its_own_time(self):
        rule = {"kind": "score", "score_value": 10}
        second = ("if", {"if_wait_days": 3, "rule_ids": [(0, 0, rule)]}, "second", {"no": [("end", {}, "out")]})
        first = ("if", {"if_wait_days": 2, "rule_ids": [(0, 0, rule)]}, "first", {"no": [second]})
        enrollment = self.enter(self._make_scenario(first))
        self.forward(days=2)
        self.assertEqual((enrollment.step_id.name, enrollment.wait_until), ("second", self.now + timedelta(days=3)))
        self.forward(days=2)
        self.assertEqual(enrollment.step_id.name, "second", "not timed out by the deadline of the first")
        self.forward(days=1)
        self.assertJourney(enrollment, "first:timeout", "second:timeout", "out:end")

    def test_a_failing_look_keeps_the_deadline(self):
        scenario = self.wait_for(self.has_tag, days=2)
        enrollment = self.enter(scenario)
        rules = type(self.env["marketing.scenario.rule"])
        self.forward(days=1, run=False)
        enrollment.action_run_now()
        with patch.object(rules, "_match_tag", side_effect=ValueError("not now")), mute_logger(ENGINE_LOG):
            self.run_due()
        self.assertEqual((enrollment.wait_reason, enrollment.wait_until), ("retry", MONDAY + timedelta(days=2)))
        self.forward(minutes=1)
        self.assertEqual(enrollment.wait_until, MONDAY + timedelta(days=2))
        self.forward(days=1)
        self.assertEqual(enrollment.step_id.name, "no")

    # -- looked at again --------------------------------------------------------------------------------------------

    def test_what_happened_while_the_scenario_was_off_is_seen_on_activation(self):
        scenario = self.wait_for(self.has_tag)
        enrollment = self.enter(scenario)
        scenario.action_deactivate()
        self.contact.category_id = self.tag
        self.process()
        self.forward(days=1)
        scenario.action_activate()
        self.run_due()
        self.assertEqual(enrollment.step_id.name, "yes")

    def test_what_happened_on_hold_is_seen_on_resume(self):
        enrollment = self.enter(self.wait_for(self.has_tag))
        enrollment.action_pause()
        self.contact.category_id = self.tag
        self.process()
        self.forward(days=1)
        enrollment.action_resume()
        self.run_due()
        self.assertEqual(enrollment.step_id.name, "yes")

    def test_a_pause_on_hold_keeps_its_remaining_time(self):
        enrollment = self.enter(self.scenario)
        enrollment.action_pause()
        self.forward(hours=5)
        enrollment.action_resume()
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=1, hours=5))

    def test_merged_into_a_contact_that_has_the_tag(self):
        enrollment = self.enter(self.wait_for(self.has_tag))
        survivor = self._make_contact("Survivor", "lea@example.com", category_id=self.tag.ids)
        self.env["base.partner.merge.automatic.wizard"]._merge((survivor + self.contact).ids, survivor)
        self.run_due()
        enrollment.invalidate_recordset()
        self.assertEqual((enrollment.partner_id, enrollment.step_id.name), (survivor, "yes"))

    def test_a_lead_that_is_given_a_contact_with_the_tag(self):
        lead = self._make_lead()
        enrollment = self.enter(self.wait_for(self.has_tag), lead)
        self.contact.category_id = self.tag
        lead.partner_id = self.contact
        self.run_due()
        enrollment.invalidate_recordset()
        self.assertEqual(enrollment.step_id.name, "yes")

    def test_a_contact_that_is_given_an_account_with_the_status(self):
        customer = self.env.ref("marketing_scenario.account_status_customer")
        account = self._make_contact("ACME", is_company=True, account_status_id=customer.id)
        enrollment = self.enter(self.wait_for({"kind": "account_status", "account_status_ids": customer.ids}))
        self.contact.parent_id = account
        self.run_due()
        enrollment.invalidate_recordset()
        self.assertEqual(enrollment.step_id.name, "yes")

    # -- every status of a message is an event ----------------------------------------------------------------------

    def test_each_status_of_a_mail_wakes(self):
        marks = {
            "delivered": "set_sent",
            "opened": "set_opened",
            "replied": "set_replied",
            "bounced": "set_bounced",
            "error": "set_failed",
            "blocked": "set_canceled",
        }
        for status, mark in marks.items():
            with self.subTest(status):
                rule = {"kind": "email_status", f"email_is_{status}": True}
                scenario = self.wait_for(rule, before=[("email", MAIL, "mail")])
                enrollment = self.enter(scenario, self._make_contact(status, f"{status}.wait@example.com"))
                self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=5))
                getattr(self.message(enrollment), mark)()
                self.process()
                self.run_due()
                self.assertEqual(enrollment.step_id.name, "yes")

    def test_each_status_of_an_sms_wakes(self):
        statuses = {"sent": "pending", "delivered": "sent", "bounced": "bounce", "error": "error", "blocked": "cancel"}
        sms = ("sms", {"sms_body": "Hello"}, "sms")
        for number, (status, stored) in enumerate(statuses.items()):
            with self.subTest(status):
                rule = {"kind": "sms_status", f"sms_is_{status}": True}
                person = self._make_contact(status, phone=f"+3361234560{number}")
                enrollment = self.enter(self.wait_for(rule, before=[sms]), person)
                self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=5), "no looking in between")
                self.message(enrollment).trace_status = stored
                self.process()
                self.run_due()
                self.assertEqual(enrollment.step_id.name, "yes")

    # -- never too early --------------------------------------------------------------------------------------------

    def test_not_clicked_within_three_days_is_judged_at_the_end(self):
        for rule in (
            {"kind": "link_clicked", "negate": True},
            {"kind": "email_status", "email_status_operator": "<>", "email_is_clicked": True},
        ):
            with self.subTest(rule["kind"]):
                scenario = self.wait_for(rule, days=3, before=[("email", MAIL, "mail")])
                quiet = self._make_contact("Quiet", f"quiet.{rule['kind']}@example.com")
                lively = self._make_contact("Lively", f"lively.{rule['kind']}@example.com")
                runs = [self.enter(scenario, person) for person in (quiet, lively)]
                for run in runs:
                    self.message(run).set_sent()
                self.process()
                self.run_due()
                self.assertEqual([run.step_id.name for run in runs], ["wait", "wait"])
                self.forward(days=1, run=False)
                self.message(runs[1]).set_clicked()
                self.forward(days=2)
                self.assertEqual([run.step_id.name for run in runs], ["yes", "no"])
                self.assertIn("judged after", self._step(scenario, "wait").summary)

    def test_one_of_several_rules_may_hold_before_the_end(self):
        scenario = self.wait_for(self.has_tag, {"kind": "score", "negate": True, "score_value": 10}, rule_combine="any")
        enrollment = self.enter(scenario)
        self.assertEqual(enrollment.step_id.name, "wait", "the score may still come")
        self.contact.category_id = self.tag
        self.process()
        self.run_due()
        self.assertEqual(enrollment.step_id.name, "yes")

    def asked_at_once(self, step_type="if"):
        inactive = {"kind": "email_status", "email_status_operator": "<>", "email_is_opened": True}
        rest = {"pause_days": 30}
        if step_type == "if":
            settings, way = {"rule_ids": [(0, 0, inactive)]}, "yes"
        else:
            settings, way = {"case_ids": [(0, 0, {"name": "Quiet", "rule_ids": [(0, 0, inactive)]})]}, "case_1"
        return self._make_scenario(
            ("email", MAIL, "mail"),
            ("pause", {"pause_hours": 3}, "three hours"),
            (step_type, settings, "ask", {way: [("pause", rest, "reminder")]}),
        )

    def test_a_mail_in_the_queue_is_not_an_inactive_reader(self):
        for step_type in ("if", "switch"):
            with self.subTest(step_type):
                person = self._make_contact(step_type, f"{step_type}.queue@example.com")
                enrollment = self.enter(self.asked_at_once(step_type), person)
                self.forward(hours=3)
                self.assertEqual((enrollment.step_id.name, enrollment.wait_reason), ("ask", "wait_event"))
                self.message(enrollment).set_sent()
                self.process()
                self.run_due()
                self.assertEqual(enrollment.step_id.name, "reminder")

    def test_a_mail_that_never_leaves_is_waited_for_a_day(self):
        enrollment = self.enter(self.asked_at_once())
        self.forward(hours=3)
        self.forward(hours=23)
        self.assertEqual(enrollment.step_id.name, "ask")
        self.forward(hours=1)
        self.assertEqual(enrollment.step_id.name, "reminder")

    # -- loops ------------------------------------------------------------------------------------------------------

    def test_a_loop_whose_wait_is_the_no_side_of_a_waiting_condition(self):
        scenario = self._make_scenario(
            ("if", {"if_wait_days": 1, "rule_ids": [(0, 0, self.has_tag)]}, "ask", {"no": [("goto", {}, "again")]}),
            active=False,
        )
        self._step(scenario, "again").goto_step_id = self._step(scenario, "ask")
        scenario.action_activate()
        enrollment = self.enter(scenario)
        for _day in range(2):
            self.forward(days=1)
        self.assertEqual(self.path(enrollment).count("again:goto"), 2)
        self._step(scenario, "ask").if_wait_days = 0
        self.assertIn("loop_without_wait", [issue["code"] for issue in scenario.check()])

    def test_going_back_to_start_is_limited(self):
        scenario = self._make_scenario(("pause", {"pause_hours": 1}, "hour"), ("goto", {}, "back"), active=False)
        self._step(scenario, "back").goto_step_id = scenario.start_step_id
        scenario.action_activate()
        enrollment = self.enter(scenario)
        for _hour in range(12):
            self.forward(hours=1)
        self.assertEqual((enrollment.end_reason, self.path(enrollment).count("hour:next")), ("visit_limit", 10))

    def test_waiting_for_consent_is_one_trace_and_no_visit(self):
        scenario = self._make_scenario(
            ("email", MAIL, "mail"),
            ("pause", {"pause_days": 1}, "pause"),
            ("goto", {}, "back"),
            active=False,
            on_refused="wait",
        )
        self._step(scenario, "back").goto_step_id = self._step(scenario, "mail")
        scenario.action_activate()
        self.contact.marketing_optin = False
        enrollment = self.enter(scenario)
        for _day in range(12):
            self.forward(days=1)
        self.assertJourney(enrollment, "mail:skipped")
        self.assertEqual(self._step(scenario, "mail").skipped_count, 1)
        self.contact.marketing_optin = True
        self.forward(days=1)
        self.forward(days=1)
        self.assertEqual(enrollment.state, "running")
        self.assertJourney(enrollment, "mail:skipped", "mail:next", "pause:next", "back:goto", "mail:next")

    # -- a pause before a one-to-one --------------------------------------------------------------------------------

    def test_a_pause_ends_at_the_first_minute_also_with_steps_between(self):
        letter = ("one_to_one", {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hi</p>"}, "letter")
        branches = {"yes": [("score", {"score_points": 1}, "more"), letter]}
        ask = ("if", {"rule_ids": [(0, 0, {"kind": "consent"})]}, "ask", branches)
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "day"), ("score", {"score_points": 1}, "s"), ask)
        enrollment = self.enter(scenario)
        self.assertEqual((enrollment.next_run_at.hour, enrollment.next_run_at.minute), (23, 1))
        other = self._make_scenario(
            ("pause", {"pause_days": 1}, "day"), ("pause", {"pause_hours": 1}, "hour"), letter, name="Other"
        )
        self.assertEqual(self.enter(other).next_run_at, MONDAY + timedelta(days=1), "the next pause decides")
