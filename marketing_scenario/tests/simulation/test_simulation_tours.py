"""Simulation, forecast and back-test by real clicks."""

from datetime import timedelta

from odoo import fields

from ..tour_case import TourCase


class TestSimulationTours(TourCase):
    def _simulated(self):
        tag = self.env["res.partner.category"].create({"name": "Hot"})
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "Rest"),
            ("if", {}, "Hot?", {"no": [("pause", {"pause_days": 2}, "Nap")]}),
            name="Simulated",
            active=False,
        )
        rule = {"step_id": self._step(scenario, "Hot?").id, "kind": "tag", "tag_id": tag.id}
        self.env["marketing.scenario.rule"].create(rule)
        return scenario

    def _walk_on(self, scenario, tour):
        self.start_tour(f"/odoo/marketing.scenario/{scenario.id}", tour, login="admin", timeout=180)

    def test_a_manager_simulates(self):
        scenario = self._simulated()
        self._walk_on(scenario, "marketing_scenario_simulation")
        self.assertFalse(scenario.enrollment_ids)
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Camille Exemple")]))

    def test_a_manager_simulates_beside_the_tree(self):
        scenario = self._simulated()
        self._walk_on(scenario, "marketing_scenario_simulation_panel")
        self.assertFalse(scenario.enrollment_ids)

    def test_a_manager_lets_something_happen(self):
        scenario = self._simulated()
        self._walk_on(scenario, "marketing_scenario_happenings")
        self.assertFalse(scenario.enrollment_ids)

    def test_a_manager_forecasts_on_the_tree(self):
        """Those who wait, on arrows and cards, and the people behind."""
        scenario = self._simulated()
        scenario._set_state("active")
        hot = self.env["res.partner.category"].search([("name", "=", "Hot")])
        for number in range(4):
            tags = hot if number else False
            self._enroll(
                scenario, self._make_contact(f"Past {number}", f"past{number}@tour.example.com", category_id=tags)
            )
        self._walk_on(scenario, "marketing_scenario_foretold")
        self.assertEqual(set(scenario.enrollment_ids.mapped("state")), {"running"})

    def test_a_manager_really_sends(self):
        self.env.company.write({"email": "hello@company.example.com", "marketing_window_id": False})
        contact = self._make_contact("Zoe Simulated", "zoe@simulated.example.com")
        mail = ("one_to_one", {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"}, "Mail")
        scenario = self._make_scenario(mail, name="Simulated", active=False)
        self._walk_on(scenario, "marketing_scenario_simulation_really")
        self.assertIn("sent “Mail” to zoe@simulated.example.com", contact.message_ids[0].body)
        self.assertFalse(scenario.enrollment_ids)

    def test_a_manager_looks_ahead_and_back(self):
        """People who were in the scenario, changes that are not published: each beside the other."""
        scenario = self._simulated()
        scenario._set_state("active")
        now = fields.Datetime.now()
        hot = self.env["res.partner.category"].search([("name", "=", "Hot")])
        people = [
            self._make_contact(f"Past {number}", f"past{number}@tour.example.com", category_id=hot if number else False)
            for number in range(4)
        ]
        self.set_now(now - timedelta(days=9))
        for person in people:
            self._enroll(scenario, person)
        for _day in range(8):
            self.run_due()
            self.set_now(self.now + timedelta(days=1))
        self._clock.side_effect = lambda env: env.cr.now().replace(microsecond=0)
        draft = scenario._open_draft()
        self._step(draft, "Nap").pause_days = 90
        runs = scenario.enrollment_ids
        before = runs.mapped("state"), runs.trace_ids.ids
        self._walk_on(scenario, "marketing_scenario_outlook")
        runs.invalidate_recordset()
        self.assertEqual((runs.mapped("state"), runs.trace_ids.ids), before)

    def test_a_manager_looks_at_the_hours_of_a_day(self):
        self.env.company.write({"email": "hello@company.example.com", "marketing_window_id": False})
        self._make_contact("Zoe Simulated", "zoe@simulated.example.com")
        mail = ("email", {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}, "Mail")
        scenario = self._make_scenario(mail, name="Simulated", active=False)
        self._walk_on(scenario, "marketing_scenario_outlook_hours")
