"""What the scenarios page shows beside the settings of each scenario (S6)."""

from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestPage(ScenarioCase):
    def test_last_activity(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        other = self._make_scenario(name="Quiet")
        self.assertFalse(scenario.last_activity_at)
        self._enroll(scenario, self.contact)
        scenario.invalidate_recordset()
        self.assertEqual(scenario.last_activity_at, MONDAY)
        self.assertFalse(other.last_activity_at)

    def test_one_statement_for_all_scenarios(self):
        scenarios = self.env["marketing.scenario"].union(*(self._make_scenario(name=f"S {n}") for n in range(5)))
        scenarios.invalidate_recordset()
        with self.assertQueryCount(1):
            scenarios.mapped("last_activity_at")

    def test_automations_and_forms_with_their_state(self):
        self.env["marketing.engagement.point"].create({"name": "Closed form", "active": False})
        automation = self.env["marketing.automatism"].create({"name": "On", "event_type": "lead_created"})
        facts = self.env["marketing.scenario"].page_facts()
        shown = next(row for row in facts["automations"] if row["id"] == automation.id)
        self.assertTrue(shown["active"])
        self.assertIn("a lead", shown["sentence"])
        self.assertFalse(next(row for row in facts["forms"] if row["name"] == "Closed form")["active"])
        self.assertTrue(facts["editable"])
        user = new_test_user(self.env, "page_user", groups="marketing_scenario.group_scenario_user,base.group_user")
        self.assertFalse(self.env["marketing.scenario"].with_user(user).page_facts()["editable"])

    def test_what_the_next_days_bring(self):
        scenarios = self.env["marketing.scenario"]
        scenarios.search([("state", "=", "active")]).action_deactivate()
        mail = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
        steps = (("pause", {"pause_days": 2}, "wait"), ("email", mail, "Mail"), ("pause", {"pause_days": 1}, "rest"))
        scenario, idle = self._make_scenario(*steps), self._make_scenario(("pause", {"pause_days": 1}, "off"))
        self._enroll(scenario, self.contact + self._make_contact("Paul", "paul@example.com"))
        self._enroll(idle, self.contact)
        self.run_due()
        idle.action_deactivate()

        def told():
            rows = scenarios.next_days()
            self.assertEqual(len(rows), 7)
            return {row["day"]: (row["people"], row["messages"]) for row in rows if row["people"]}

        self.assertEqual(told(), {"2026-03-04": (2, 2)}, "in two days two mails leave")
        self.forward(days=2)
        self.assertEqual(told(), {"2026-03-05": (2, 0)}, "then two people reach the end")
        self.forward(run=False, days=2)
        self.assertEqual(told(), {"2026-03-06": (2, 0)}, "who is late counts today")
