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
