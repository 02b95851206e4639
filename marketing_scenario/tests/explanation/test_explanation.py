"""A scenario explains itself on a page: whom, when, on which ground, step by step (S60)."""

from lxml import html

from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

REPORT = "marketing_scenario.report_explanation"
MAIL = {"email_subject": "Your brochure", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestExplanation(StepCase):
    def setUp(self):
        super().setUp()
        rule = {"kind": "email_status", "email_is_opened": True}
        self.scenario = self._make_scenario(
            ("email", MAIL, "Welcome"),
            ("sms", {"sms_body": "Hello"}, "Short word"),
            (
                "if",
                {"rule_ids": [(0, 0, rule)], "if_wait_days": 3},
                "Interested?",
                {"yes": [("pause", {"pause_days": 2}, "Rest")]},
            ),
            name="Brochure",
            company_id=self.env.company.id,
        )
        self.env["marketing.automatism"].create(
            {
                "name": "Brochure form",
                "event_type": "lead_created",
                "action_ids": [(0, 0, {"kind": "enroll", "scenario_id": self.scenario.id})],
            }
        )
        self.env["marketing.scenario.query"].create(
            {"name": "Prospects of the north", "scenario_id": self.scenario.id, "model_name": "crm.lead"}
        )
        launcher = self._make_scenario(
            ("scenario", {"scenario_launched_id": self.scenario.id}, "Pass on"), name="First"
        )
        self.assertTrue(launcher)

    def _page(self, scenario, lang=None):
        reports = self.env["ir.actions.report"].with_user(self.seller).with_context(lang=lang or "en_US")
        content, _kind = reports._render_qweb_html(REPORT, scenario.ids)
        return " ".join(html.fromstring(content).text_content().split())

    def test_whom_when_and_on_which_ground(self):
        self.env.company.marketing_cap_count = 4
        text = self._page(self.scenario)
        for sentence in (
            f"Contacts, accounts and leads of {self.env.company.name}.",
            "Each person enters once.",
            "Query “Prospects of the north”",
            "Automation “Brochure form”:",
            "Scenario “First”, by its step “Pass on”.",
            "SMS leave within the legal hours",
            "a message goes only to a person who opted in",
            "Nobody gets more than 4 messages in 7 days.",
            "Yes Rest Pause: 2 days",
            "Welcome Email: Your brochure",
            "Interested? IF:",
        ):
            self.assertIn(sentence, text)

    def test_a_draft_explains_what_it_would_do_and_is_no_door(self):
        self.scenario.action_edit()
        draft = self.scenario.draft_id
        self._step(draft, "Rest").pause_days = 9
        self.assertIn("Pause: 9 days", self._page(draft))
        self.assertIn("Automation “Brochure form”", self._page(draft))
        launched = self.env["marketing.scenario"].search([("name", "=", "First")])
        launched.action_edit()
        self.assertEqual(self._page(self.scenario).count("by its step “Pass on”"), 1)

    def test_a_scenario_without_messages_asks_for_no_consent(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        text = self._page(scenario)
        self.assertIn("No message is sent.", text)
        self.assertNotIn("opted in", text)

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        text = self._page(self.scenario, "fr_FR")
        self.assertIn("Chaque personne entre une seule fois.", text)
        self.assertIn("Requête « Prospects of the north »", text)

    def test_nobody_prints_what_they_may_not_see(self):
        second = self.env["res.company"].create({"name": "Second"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="marketing_scenario.group_scenario_manager",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        self.assertNotIn(self.scenario, self.env["marketing.scenario"].with_user(stranger).search([]))
        with self.assertRaisesRegex(Exception, "(?i)access|rights|allowed|autoris"):
            self.env["ir.actions.report"].with_user(stranger)._render_qweb_html(REPORT, self.scenario.ids)
