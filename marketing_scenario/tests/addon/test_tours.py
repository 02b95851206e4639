from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from ...models import clock
from ..tour_case import TourCase


class TestTours(TourCase):
    def test_salesman_adds_a_contact_from_the_pane(self):
        new_test_user(
            self.env, "tour_salesman", password="tour_salesman",
            groups="base.group_user,sales_team.group_sale_salesman,base.group_partner_manager",
        )  # fmt: skip
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Tour follow-up")
        contact = self._make_contact("Tour Contact", "tour@example.com")
        self.start_tour(f"/odoo/res.partner/{contact.id}", "marketing_scenario_pane", login="tour_salesman")
        self.assertEqual(contact.marketing_enrollment_ids.scenario_id, scenario)
        self.assertEqual(contact.marketing_enrollment_ids.state, "paused")

    def test_manager_builds_a_scenario(self):
        self.start_tour("/odoo/marketing-scenarios", "marketing_scenario_build", login="admin")
        scenario = self.env["marketing.scenario"].search([("name", "=", "Built by a tour")])
        self.assertEqual(scenario.state, "active")
        self.assertEqual(scenario.step_ids.sorted("position").mapped("step_type"), ["start", "pause", "end"])

    def test_manager_begins_in_the_gallery_and_switches_in_place(self):
        self.env["marketing.automatism"].create({"name": "Beside the list", "event_type": "lead_created"})
        self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Switched by a tour", active=False)
        self._make_scenario(("pause", {}, "without length"), name="With an error", active=False)
        self.start_tour("/odoo/marketing-scenarios", "marketing_scenario_gallery", login="admin")
        scenario = self.env["marketing.scenario"].search([("name", "=", "Our spring event")])
        self.assertTrue(all(step.pause_date for step in scenario.step_ids if step.pause_mode == "date"))
        switched = self.env["marketing.scenario"].search([("name", "=", "Switched by a tour")])
        self.assertEqual(switched.state, "active")

    def test_somebody_reads_the_story_of_a_person(self):
        sender = self.env["marketing.sender"].create({"name": "Ann", "email": "ann@example.com", "is_default": True})
        sender.state = "validated"
        mail = {"email_subject": "Our brochure", "email_body_arch": "<p>Hello</p>"}
        again = {**mail, "email_subject": "Once more"}
        scenario = self._make_scenario(
            ("email", mail, "Brochure"), ("pause", {"pause_hours": 1}, "wait"), ("email", again, "Reminder"),
            ("pause", {"pause_days": 9}, "later"), name="Tour story",
        )  # fmt: skip
        contact = self._make_contact("Tour Contact", "tour@example.com")
        run = self._enroll(scenario, contact)
        self.run_due()
        contact.marketing_optin = False
        run._set_moment(self.env.cr.now().replace(microsecond=0))
        self.env.flush_all()
        self.run_due()
        self.start_tour(f"/odoo/res.partner/{contact.id}", "marketing_scenario_story", login="admin")
        self.assertEqual(run.state, "paused")

    def test_manager_changes_a_running_scenario(self):
        steps = (("pause", {"pause_days": 1}, "wait"), ("pause", {"pause_days": 1}, "goes"))
        scenario = self._make_scenario(*steps, name="Live tour", active=False)
        scenario.action_activate()
        here, there = (self._enroll(scenario, self._make_contact(name)) for name in ("Ann", "Bob"))
        there.move_to(self._step(scenario, "goes"))
        self.run_due()
        self.start_tour("/odoo/marketing-scenarios", "marketing_scenario_draft", login="admin")
        self.assertEqual(scenario.version_ids.mapped("event"), ["published", "published", "activated"])
        self.assertEqual(here.step_id, self._step(scenario, "wait"))
        self.assertEqual((there.step_id.step_type, there.state), ("end", "running"))

    def test_the_check_leads_to_the_field_and_on_to_the_activation(self):
        self.env.company.email = "hello@company.example.com"
        mail = ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "Mail")
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "Wait"), mail, name="Checked")
        run = self._enroll(scenario, self.contact)
        self.run_due()
        scenario.action_deactivate()
        run.next_run_at -= timedelta(days=3)
        self._step(scenario, "Wait").write({"pause_days": 0})
        self._step(scenario, "Mail").child_ids.unlink()
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_check", login="admin")
        self.assertEqual((scenario.state, self._step(scenario, "Wait").pause_days), ("active", 2))
        self.assertEqual(self._step(scenario, "Mail").child_ids.name, "End")
        self.assertTrue(scenario.date_end)
        self.assertGreater(run.next_run_at, clock.now(self.env) - timedelta(minutes=5), "spread from now on")

    def test_a_step_is_set_up_in_the_panel_without_any_dialog(self):
        scenario = self._make_scenario(
            ("if", {}, "Decide", {"no": [("switch", {}, "Choose")]}), name="Inspected", active=False
        )
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector", login="admin")
        decide, choose = self._step(scenario, "Decide"), self._step(scenario, "Choose best")
        self.assertEqual(decide.rule_ids.mapped("kind"), ["score"])
        self.assertEqual((decide.rule_ids.score_value, decide.rule_ids.negate), (40, True))
        self.assertEqual(choose.case_ids.rule_ids.mapped("kind"), ["random"])
        self.assertEqual(choose._outcome_codes(), ["case_1", "otherwise"])

    def test_what_is_clicked_while_the_panel_saves_is_not_lost(self):
        scenario = self._make_scenario(("if", {}, "Decide"), name="Slow", active=False)
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_slow", login="admin")
        self.assertEqual(self._step(scenario, "Decide").rule_ids.mapped("kind"), ["random"])

    def test_a_mail_is_saved_only_when_its_editor_has_made_it(self):
        self.env.company.email = "hello@company.example.com"
        scenario = self._make_scenario(("email", {"email_subject": "Hello"}, "Write"), name="Designed", active=False)
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_designer", login="admin"
        )
        step = self._step(scenario, "Write")
        self.assertIn("o_layout", step.email_body_arch)
        self.assertIn("<h2", step.email_body_html)

    def test_what_is_typed_without_an_answer_of_the_server_is_saved_later(self):
        scenario = self._make_scenario(("email", {}, "Write"), ("end", {}, "Bye"), name="Lost", active=False)
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_lost", login="admin")
        self.assertEqual(self._step(scenario, "Write").email_subject, "Kept")

    def test_the_check_waits_for_what_is_typed_and_outlives_a_lost_server(self):
        self.env.company.email = "hello@company.example.com"
        mail = ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "Write")
        scenario = self._make_scenario(mail, ("end", {}, "Bye"), name="Lost", active=False)
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_check_lost", login="admin")
        self.assertEqual((scenario.state, self._step(scenario, "Write").email_subject), ("active", "Kept"))

    def test_a_way_in_that_was_only_begun_is_not_kept(self):
        scenario = self._make_scenario(("end", {}, "Bye"), name="Doors", active=False)
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_doors", login="admin")
        automatisms, queries = scenario._doors()
        self.assertFalse(queries)
        self.assertEqual(automatisms.mapped("name"), ["Meant"])

    def test_what_somebody_else_changed_meanwhile_is_told_and_not_overwritten(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "Wait"), name="Overtaken", active=False)
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_overtaken", login="admin"
        )
        self.assertEqual(self._step(scenario, "Pause").pause_days, 5)

    def test_the_step_to_go_to_is_picked_in_the_tree(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "Wait"), ("goto", {}, "Back"), name="Picked", active=False
        )
        self.start_tour(f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_pick", login="admin")
        self.assertEqual(self._step(scenario, "Back").goto_step_id, self._step(scenario, "Wait"))

    def test_what_cannot_be_saved_stays_in_the_panel_with_its_reason(self):
        case = {"name": "Half", "rule_ids": [Command.create({"kind": "random"})]}
        scenario = self._make_scenario(
            ("switch", {"case_ids": [Command.create(case)]}, "Choose", {"case_1": [("end", {}, "Bye")]}), active=False
        )
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_inspector_refusal", login="admin"
        )
        self.assertEqual(self._step(scenario, "Choose").case_ids.name, "Half")
