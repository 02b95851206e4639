from datetime import timedelta

from ..tour_case import TourCase

MAIL = {"email_subject": "Our offer", "email_body_html": "<p><a href='https://example.com/a'>Offer</a></p>"}


class TestReportTours(TourCase):
    """Goals, figures, variants and files by real clicks."""

    def _draft(self, name):
        return self._make_scenario(("email", MAIL, "Offer"), name=name, active=False)

    def _reported(self):
        """Two got a mail, the first of them clicked in it."""
        scenario = self._make_scenario(
            ("email", MAIL, "Offer"), ("pause", {"pause_days": 1}, "Wait"), name="Tour reported"
        )
        for number in range(2):
            self._enroll(scenario, self._make_contact(f"Reader {number}", f"reader{number}@example.com"))
        self.run_due()
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id.scenario_id", "=", scenario.id)])
        traces.write({"trace_status": "sent", "sent_datetime": self.env.cr.now()})
        first = traces.filtered(lambda trace: trace.marketing_enrollment_id.partner_id.name == "Reader 0")
        first.links_click_datetime = self.env.cr.now()
        return scenario

    def test_from_the_dashboard_to_a_person(self):
        self._reported()
        self.start_tour("/odoo/marketing-dashboard", "marketing_scenario_dashboard", login="admin")

    def test_a_figure_of_the_comparison_leads_to_its_people(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "Wait"), name="Tour compared", control_percent=50)
        people = [{"name": f"Compared {i}", "email": f"compared{i}@example.com"} for i in range(60)]
        scenario._enroll(self.env["res.partner"].create(people), "hand")
        scenario._count_control()
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_comparison", login="admin")

    def test_a_cell_of_a_report_leads_to_its_people(self):
        self._reported()
        self.start_tour(
            "/odoo/action-marketing_scenario.marketing_report_message_action",
            "marketing_scenario_report_cell",
            login="admin",
        )

    def test_a_step_leads_to_its_figures(self):
        scenario = self._reported()
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_step_figures", login="admin")

    def test_blocked_messages_are_mended_in_bulk(self):
        scenario = self._make_scenario(("email", MAIL, "Offer"), ("pause", {"pause_days": 1}, "Wait"))
        people = [
            self._make_contact(f"Tour shy {number}", f"shy{number}@example.com", marketing_optin=False)
            for number in range(2)
        ]
        runs = [self._enroll(scenario, person) for person in people]
        self.run_due()
        # those of the demo data are not worked through here
        others = self.env["marketing.scenario.enrollment"].search([("scenario_id", "!=", scenario.id)])
        others.action_take_out()
        self.start_tour("/odoo/marketing-blocked", "marketing_scenario_blocked", login="admin")
        for person, run in zip(people, runs, strict=True):
            self.assertTrue(person.marketing_optin)
            self.assertEqual(run.step_id.name, "Offer", "back at the message")

    def test_who_is_late_is_moved_on(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "Wait"))
        late, punctual = (
            self._enroll(scenario, self._make_contact(f"Tour {name}", f"{name}@example.com"))
            for name in ("late", "punctual")
        )
        self.run_due()
        others = self.env["marketing.scenario.enrollment"].search([("scenario_id", "!=", scenario.id)])
        others.action_take_out()
        late._write_unchecked({"next_run_at": self.env.cr.now() - timedelta(hours=1)})
        self.start_tour(
            "/odoo/action-marketing_scenario.marketing_scenario_overdue_action",
            "marketing_scenario_overdue",
            login="admin",
        )
        self.assertNotEqual(late.step_id.name, "Wait")
        self.assertEqual(punctual.step_id.name, "Wait")

    def test_a_goal_is_said_in_place(self):
        scenario = self._draft("Tour with a goal")
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_goals", login="admin")
        goal = scenario.goal_ids
        self.assertEqual((goal.name, goal.rule_ids.kind, goal.rule_ids.score_value), ("Became a customer", "score", 70))

    def test_a_variant_is_written_and_used(self):
        scenario = self._draft("Tour with variants")
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_variants", login="admin")
        step = self._step(scenario, "Offer")
        self.assertEqual((step.variant_ids.email_subject, step.trial_winner_id), ("Shorter", step.variant_ids))

    def test_a_scenario_leaves_and_comes_back_as_a_file(self):
        scenario = self._draft("Tour given")
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_file", login="admin", timeout=120
        )
        taken = self.env["marketing.scenario"].search([("name", "=", "Tour taken")])
        self.assertEqual(taken.step_ids.mapped("name"), scenario.step_ids.mapped("name"))
        self.assertEqual(self._step(taken, "Offer").email_subject, "Our offer")
