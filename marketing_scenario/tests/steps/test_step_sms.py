from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sms.tools.sms_api import SmsApi

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepSms(StepCase):
    def _scenario(self, *before, **vals):
        settings = {
            "sms_body": "Hello {{ object.marketing_first_name ||| you }}!\nOffer: https://shop.example.com/x",
            **vals,
        }
        return self._make_scenario(*before, ("sms", settings, "step"))

    def _sms(self, scenario):
        return self.env["sms.sms"].search([("mailing_id.marketing_step_id", "in", scenario.step_ids.ids)], order="id")

    def _answer(self, state):
        """Let the provider answer ``state`` for every number, until the test ends; :return: the calls."""
        calls = []

        def contact(_api, _endpoint, params, timeout=15):
            calls.append(params)
            return [{"uuid": to["uuid"], "state": state} for message in params["messages"] for to in message["numbers"]]

        patcher = patch.object(SmsApi, "_contact_iap", contact)
        patcher.start()
        self.addCleanup(patcher.stop)
        return calls

    def test_contact_account_and_lead(self):
        scenario = self._scenario()
        enrollments = self._walk(scenario)
        sms = self._sms(scenario)
        self.assertEqual(sms.mapped("number"), ["+33612345678", "+33612345679", "+33612345680"])
        self.assertEqual([text.split("!")[0] for text in sms.mapped("body")], ["Hello Léa", "Hello you", "Hello Paul"])
        self.assertEqual(set(sms.mapped("state")), {"outgoing"})
        traces = enrollments.trace_ids.mailing_trace_id
        self.assertEqual(traces.mapped("trace_type"), ["sms"] * 3)
        self.assertEqual(set(traces.mapped("sms_id_int")), set(sms.ids))
        self.assertEqual(traces.marketing_enrollment_id, enrollments)
        self.assertJourney(enrollments[0], "step:next", "End:end")

    def test_links_are_tracked_and_lines_kept(self):
        scenario = self._scenario()
        enrollment = self._walk(scenario, self.contact)
        sms = self._sms(scenario)
        self.assertRegex(sms.body, rf"^Hello Léa!\nOffer: http\S+/r/\w+/s/{sms.id}\n")
        link = self.env["link.tracker"].search([("mass_mailing_id", "=", sms.mailing_id.id)])
        self.assertEqual(link.url, "https://shop.example.com/x")
        trace = enrollment.trace_ids.mailing_trace_id
        self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
        self.assertTrue(trace.links_click_datetime)

    def test_stop_mention(self):
        for vals, expected in (
            ({"sms_stop": "link"}, r"\nSTOP SMS: http\S+/sms/\d+/\w{3}$"),
            ({"sms_stop": "text", "sms_stop_text": "STOP 36111"}, r"\nSTOP 36111$"),
            ({"sms_stop": "none"}, r"/s/\d+$"),
        ):
            with self.subTest(vals):
                scenario = self._scenario(**vals)
                self._walk(scenario, self.contact)
                self.assertRegex(self._sms(scenario).body, expected)

    def test_logged_on_the_record(self):
        self._walk(self._scenario(), self.lead)
        message = self.lead.message_ids[0]
        self.assertEqual(message.message_type, "sms")
        self.assertIn("Hello Paul!", message.body)

    def test_refusals(self):
        for reason, vals in {
            "no_consent": {"marketing_optin": False},
            "refused_sms": {"marketing_refuse_sms": True},
            "refused_all": {"marketing_refuse_all": True},
            "no_phone": {"phone": False},
            "no_mobile": {"phone": "+33 1 42 68 53 00"},
            "invalid_phone": {"marketing_invalid_phone": True},
        }.items():
            with self.subTest(reason):
                number = f"+33 6 12 34 57 {self.env['res.partner'].search_count([]) % 90 + 10}"
                person = self._make_contact("Someone", country_id=self.env.ref("base.fr").id, phone=number)
                person.write(vals)
                self.assertSkipped(self._walk(self._scenario(), person), reason)
        self.env["phone.blacklist"].add("+33612345678")
        self.assertSkipped(self._walk(self._scenario(), self.contact), "blacklisted")

    def test_waits_for_the_legal_hours(self):
        scenario = self._scenario()
        self.set_now(datetime(2026, 3, 7, 19, 30))  # Saturday 20:30 in Paris
        enrollment = self._walk(scenario, self.contact)
        self.assertEqual(
            (enrollment.wait_reason, enrollment.next_run_at), ("outside_window", datetime(2026, 3, 9, 7, 0))
        )
        self.assertFalse(self._sms(scenario))

    def test_a_wider_window_does_not_override_the_law(self):
        window = self.env["marketing.window"].create(
            {"name": "Always", "hour_from": 0, "hour_to": 24, "saturday": True, "sunday": True}
        )
        self.set_now(datetime(2026, 5, 7, 22, 0))  # the 8th of May is a public holiday in France
        enrollment = self._walk(self._scenario(window_id=window.id), self.contact)
        self.assertEqual(enrollment.next_run_at, datetime(2026, 5, 9, 22, 0) - timedelta(hours=16))

    def test_a_narrower_window_holds(self):
        window = self.env["marketing.window"].create({"name": "Lunch", "hour_from": 12, "hour_to": 14})
        enrollment = self._walk(self._scenario(window_id=window.id), self.contact)
        self.assertEqual(enrollment.next_run_at, datetime(2026, 3, 2, 11, 0))

    def test_other_countries_have_their_own_law(self):
        self.set_now(datetime(2026, 3, 8, 15, 30))  # Sunday in London
        briton = self._make_contact("Tim", country_id=self.env.ref("base.uk").id, phone="+44 7400 123456")
        self.assertEqual(self._walk(self._scenario(), briton).state, "done")
        self.assertEqual(self._walk(self._scenario(), self.contact).wait_reason, "outside_window")

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_no_credit_is_kept_and_tried_again(self):
        scenario = self._scenario()
        enrollment = self._walk(scenario, self.contact)
        sms = self._sms(scenario)
        self._answer("insufficient_credit")
        sms.send()
        trace = enrollment.trace_ids.mailing_trace_id
        self.assertEqual((sms.state, sms.failure_type, trace.trace_status), ("error", "sms_credit", "error"))
        self.assertEqual(sms.marketing_retry_at, self.now + timedelta(minutes=1))
        self.assertIn("retry", enrollment.trace_ids.mapped("event"))
        self._answer("success")
        self.forward(minutes=1)
        with self.enter_registry_test_mode():
            self.env.ref("marketing_scenario.ir_cron_retry_sms").method_direct_trigger()
        self.assertEqual(sms.state, "outgoing")
        sms.send(unlink_sent=False)
        self.assertEqual((sms.state, trace.trace_status), ("pending", "pending"))

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_tries_end_except_for_credit(self):
        for state, again in (("server_error", False), ("insufficient_credit", True)):
            with self.subTest(state):
                scenario = self._scenario()
                scenario.reentry = "finished"
                self._walk(scenario, self.contact)
                sms = self._sms(scenario)
                self._answer(state)
                for _try in range(6):
                    sms.send()
                    sms.action_set_outgoing()
                sms.action_set_error(sms.failure_type)
                self.assertEqual(bool(sms.marketing_retry_at), again)

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_tried_again_in_legal_hours_only(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self.set_now(datetime(2026, 3, 2, 18, 59, 30))  # 19:59:30 in Paris
        self._answer("server_error")
        self._sms(scenario).send()
        self.assertEqual(self._sms(scenario).marketing_retry_at, datetime(2026, 3, 3, 7, 0))

    def test_wrong_number_marks_the_person(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self._answer("wrong_number_format")
        self._sms(scenario).send()
        self.assertTrue(self.contact.marketing_invalid_phone)

    def test_sender_name_reaches_the_provider(self):
        scenario = self._scenario(sms_sender_name="MyShop")
        self._walk(scenario, self.contact)
        names = []
        with patch.object(
            SmsApi,
            "_send_sms_batch",
            lambda api, *_args, **_kw: names.append(api.env.context.get("sms_sender_name")) or [],
        ):
            self._sms(scenario).send()
            self.env["sms.sms"].search([("id", "in", self._sms(scenario).ids)])._send()
        self.assertIn("MyShop", names)

    def test_size(self):
        step = self._step(self._scenario(sms_stop="none", sms_body="a" * 160), "step")
        self.assertEqual(step.sms_size, "1 SMS (160 characters, GSM-7)")
        step.sms_body = "ê" * 71
        self.assertEqual(step.sms_size, "2 SMS (71 characters, UCS-2)")

    def test_check(self):
        self.assertEqual(set(self._issue_codes(self._scenario(sms_body=""))), {"no_body", "no_provider"})
        night = self.env["marketing.window"].create({"name": "Night", "hour_from": 21, "hour_to": 23})
        self.assertIn("never_opens", self._issue_codes(self._scenario(window_id=night.id)))
        codes = self._issue_codes(self._scenario(sms_body="Hi {{ object.nothing_like_it }}"))
        self.assertIn("merge_field", codes)
        self.env["ir.config_parameter"].set_param("sms.endpoint", "http://127.0.0.1:1")
        self.assertEqual(self._issue_codes(self._scenario()), [])

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=95, more=15)
