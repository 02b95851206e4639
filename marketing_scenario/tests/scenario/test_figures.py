"""Each figure opens the people behind it; everything can be stopped; scenarios go to the archive (S6, S7, S38)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestFigures(ScenarioCase):
    def opened(self, action):
        records = self.env[action["res_model"]].search(action["domain"])
        return records if action["res_model"] == "marketing.scenario.enrollment" else records.enrollment_id

    def test_each_figure_of_a_step_opens_the_people_it_counts(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), ("pause", {"pause_days": 1}, "wait"))
        no_address = self._make_contact("No address")
        runs = self._enroll(scenario, self.contact + no_address)
        self.run_due()
        start, mail, wait = (self._step(scenario, name) for name in ("Start", "mail", "wait"))
        broken = runs[1]
        broken.write({"state": "error", "next_run_at": False, "error_message": "Boom"})
        (start + mail + wait).invalidate_recordset()
        for step, figure, expected in (
            (start, "passed", runs),
            (mail, "passed", runs[0]),
            (mail, "skipped", runs[1]),
            (wait, "inside", runs[0]),
            (wait, "errors", broken),
        ):
            with self.subTest(step=step.name, figure=figure):
                people = self.opened(getattr(step, f"action_view_{figure}")())
                self.assertEqual(people, expected.sorted("id", reverse=True))
                count = step["error_count" if figure == "errors" else f"{figure}_count"]
                self.assertEqual(len(people), count)

    def test_the_list_of_errors_says_what_went_wrong(self):
        action = self.env.ref("marketing_scenario.marketing_scenario_enrollment_error_action")
        views = dict((mode, view) for view, mode in action.views)
        arch = self.env["marketing.scenario.enrollment"].get_view(views["list"], "list")["arch"]
        self.assertIn('name="error_message"', arch)
        self.assertIn('name="action_resume"', arch)

    def test_who_is_in_error_waits_for_nothing(self):
        run = self._enroll(self._make_scenario(("pause", {"pause_days": 1}, "wait")), self.contact)
        self.run_due()
        self.assertEqual(run.why, "Pause")
        run.write({"state": "error", "next_run_at": False})
        self.assertFalse(run.why)
        run.error_message = "Boom"
        self.assertEqual(run.why, "Boom")

    def test_the_health_page_has_a_title(self):
        self.assertEqual(self.env["marketing.scenario.health"].create({}).display_name, "Engine health")


@tagged("post_install", "-at_install")
class TestStopping(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.first = self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="First")
        self.second = self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Second")
        self.draft = self._make_scenario(name="Draft", active=False)

    def test_everything_stops_at_once_and_everyone_keeps_their_place(self):
        run = self._enroll(self.first, self.contact)
        self.run_due()
        notice = self.env["marketing.scenario"].action_stop_all()
        self.assertEqual({self.first.state, self.second.state, self.draft.state}, {"inactive", "draft"})
        self.assertFalse(self.env["marketing.scenario"].search([("state", "=", "active")]))
        self.assertIn("messages that wait are held back", notice["params"]["message"])
        self.assertIn("Stop everything", self.first.message_ids[0].body)
        self.forward(days=2)
        self.assertEqual((run.state, run.step_id.name), ("running", "wait"))

    def test_only_managers_stop_everything(self):
        user = new_test_user(self.env, "stops", groups="marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            self.env["marketing.scenario"].with_user(user).action_stop_all()
        self.assertEqual(self.first.state, "active")

    def test_many_are_deactivated_and_drafts_stay_drafts(self):
        (self.first + self.second + self.draft).action_deactivate()
        self.assertEqual((self.first + self.second + self.draft).mapped("state"), ["inactive", "inactive", "draft"])

    def test_the_archive_stops_a_scenario_and_keeps_its_people(self):
        run = self._enroll(self.first, self.contact)
        self.run_due()
        self.first.action_archive()
        self.assertEqual((self.first.active, self.first.state), (False, "inactive"))
        self.assertNotIn(self.first, self.env["marketing.scenario"].search([]))
        self.forward(days=2)
        self.assertEqual((run.state, run.scenario_id), ("running", self.first))
        with self.assertRaisesRegex(UserError, "archive"):
            self.first.action_activate()
        self.first.action_unarchive()
        self.assertEqual(self.first.state, "inactive")
        self.first.with_context(marketing_overdue="run_now").action_activate()
        self.run_due()
        self.assertEqual(run.state, "done")

    def test_targets_are_followed_while_all_scenarios_are_in_the_archive(self):
        run = self._enroll(self.first, self.contact)
        self.env["marketing.scenario"].search([]).action_archive()
        self.assertTrue(self.env["marketing.scenario"]._ever_activated())
        self.contact.active = False
        self.assertEqual(run.end_reason, "target_archived")
