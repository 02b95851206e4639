"""The panel of the check: what is wrong, where, and what one click can do about it (S40)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
DAY = {"pause_days": 1}
MANAGER = "marketing_scenario.group_scenario_manager"


@tagged("post_install", "-at_install")
class TestCanvasCheck(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.manager = new_test_user(cls.env, "check_manager", groups=MANAGER, name="Mona")

    def issues(self, scenario):
        return {issue["code"]: issue for issue in scenario.canvas_check()["issues"]}

    def bare(self, *steps):
        scenario = self.env["marketing.scenario"].create({"name": "Bare"})
        self._add_steps(scenario.start_step_id, "next", steps)
        return scenario.with_user(self.manager).with_context(marketing_undo_session="one")

    def test_a_finding_names_its_step_and_its_field(self):
        ask = ("if", {}, "ask", {"yes": [("goto", {}, "back")]})
        scenario = self.bare(("email", {}, "mail"), ("pause", {}, "empty"), ask)
        found = self.issues(scenario)
        for code, step, field in (
            ("no_subject", "mail", "email_subject"),
            ("no_body", "mail", "email_body_html"),
            ("empty_pause", "empty", "pause_days"),
            ("no_rule", "ask", "rule_ids"),
            ("no_target", "back", "goto_step_id"),
            ("missing_end", "ask", False),
        ):
            with self.subTest(code):
                self.assertEqual(found[code]["step_id"], self._step(scenario, step).id)
                self.assertEqual(found[code]["field"], field)
                self.assertTrue(found[code]["message"][0].isupper())
                self.assertFalse(field and field not in self.env["marketing.scenario.step"]._fields)
        panel = scenario.canvas_check()
        self.assertEqual((panel["errors"], panel["open_ends"]), (len(panel["issues"]), 1))

    def test_the_canvas_opens_with_all_findings_but_those_of_trying(self):
        self.env.company.email = False
        fails = {**MAIL, "email_subject": "{{ 1 / 0 }}"}
        scenario = self.bare(("email", MAIL, "mail"), ("email", fails, "fails"), ("goto", {}, "back"))
        self._step(scenario, "back").goto_step_id = self._step(scenario, "mail")

        def told(issues):
            return {(issue["step_id"], issue["code"]) for issue in issues}

        panel, picture = told(scenario.canvas_check()["issues"]), told(scenario.canvas()["issues"])
        self.assertLessEqual({"no_sender", "loop_without_wait"}, {code for _step, code in picture})
        self.assertLess(picture, panel)
        for step, code in panel - picture:
            self.assertEqual(step, self._step(scenario, "fails").id)
            self.assertTrue(code.startswith("merge_field_"), code)

    def test_errors_come_first_in_reading_order(self):
        past = {"pause_mode": "date", "pause_date": "2020-01-01 00:00:00"}
        scenario = self.bare(("pause", past, "old"), ("pause", {}, "empty"))
        codes = [issue["code"] for issue in scenario.canvas_check()["issues"]]
        self.assertEqual(codes, ["missing_end", "empty_pause", "past_date"])

    def test_an_end_that_is_missing_is_added_and_taken_back(self):
        scenario = self.bare(("pause", DAY, "wait"))
        wait = self._step(scenario, "wait")
        self.assertEqual(self.issues(scenario)["missing_end"]["remedy"], "Add the end")
        scenario.canvas_mend(wait.id, "missing_end")
        self.assertFalse(scenario.canvas_check()["issues"])
        self.assertEqual(scenario.canvas()["undo"]["undo"], "Add the end")
        with self.assertRaisesRegex(UserError, "mended already"):
            scenario.canvas_mend(wait.id, "missing_end")
        scenario.canvas_undo()
        self.assertIn("missing_end", self.issues(scenario))

    def test_a_sender_is_chosen_by_one_click(self):
        self.env.company.email = False
        scenario = self.bare(("email", MAIL, "mail"))
        self.assertFalse(self.issues(scenario)["no_sender"]["remedy"], "there is none to choose")
        sender = self.env["marketing.sender"].create({"name": "Mona", "email": "mona@company.example.com"})
        sender.sudo().state = "validated"
        self.assertIn("Mona", self.issues(scenario)["no_sender"]["remedy"])
        scenario.canvas_mend(self._step(scenario, "mail").id, "no_sender")
        self.assertEqual(self._step(scenario, "mail").email_sender_id, sender)
        self.assertNotIn("no_sender", self.issues(scenario))

    def test_who_checks_becomes_the_owner_of_an_orphan(self):
        owner = new_test_user(self.env, "check_gone", groups=MANAGER)
        scenario = self.bare(("pause", DAY, "wait"))
        scenario.sudo().user_id = owner
        owner.active = False
        scenario.canvas_mend(scenario.start_step_id.id, "owner_archived")
        self.assertEqual(scenario.user_id, self.manager)

    def test_the_way_to_opt_out_of_an_sms(self):
        scenario = self.bare(("sms", {"sms_body": "Hi", "sms_stop": "text"}, "sms"))
        scenario.canvas_mend(self._step(scenario, "sms").id, "no_stop")
        self.assertEqual(self._step(scenario, "sms").sms_stop, "link")

    def test_only_what_is_offered_is_done(self):
        scenario = self.bare(("pause", {}, "empty"))
        empty = self._step(scenario, "empty").id
        for code in ("empty_pause", "unlink", "owner_archived"):
            with self.subTest(code), self.assertRaisesRegex(UserError, "mended already"):
                scenario.canvas_mend(empty, code)
        user = new_test_user(self.env, "check_reader", groups="marketing_scenario.group_scenario_user")
        self.assertFalse(any(issue["remedy"] for issue in scenario.with_user(user).canvas_check()["issues"]))
        with self.assertRaises(AccessError):
            scenario.with_user(user).canvas_mend(empty, "missing_end")

    def test_the_buttons_lead_to_the_panel(self):
        scenario = self.bare(("pause", DAY, "wait"))
        shown = {"scenario_id": scenario.id}
        self.assertEqual(scenario.action_check()["params"], shown)
        self.assertEqual(scenario.action_activate_checked()["params"], shown)
        scenario.canvas_close()
        scenario.action_activate_checked()
        self.assertEqual(scenario.state, "active")
        self.assertTrue(scenario.canvas_check()["locked"])
