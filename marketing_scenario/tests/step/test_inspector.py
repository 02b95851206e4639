from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from ...models import clock
from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestInspector(ScenarioCase, MailCase):
    """What the panel beside the tree shows of a step."""

    def _draft(self, *steps):
        return self._make_scenario(*steps, active=False)

    def test_an_incomplete_step_says_what_is_missing_and_so_does_the_check(self):
        scenario = self._draft(("score", {}, "score"), ("email", {}, "mail"), ("if", {}, "decide"))
        self.assertEqual(self._step(scenario, "score").incomplete, "No points. Give a number, or reset the score.")
        self.assertIn("The subject is empty. Write one.", self._step(scenario, "mail").incomplete)
        self.assertEqual(self._step(scenario, "decide").incomplete, "The condition is empty. Add a rule.")
        found = [issue["message"] for issue in scenario.canvas_check()["issues"]]
        self.assertIn("The condition is empty. Add a rule.", found)

    def test_complete_at_once_when_the_setting_is_there(self):
        scenario = self._draft(("score", {}, "score"), ("if", {}, "decide"))
        score, decide = self._step(scenario, "score"), self._step(scenario, "decide")
        self.assertTrue(score.incomplete and decide.incomplete)
        score.score_points = 5
        decide.rule_ids = [(0, 0, {"kind": "score", "score_value": 10})]
        self.assertFalse(score.incomplete or decide.incomplete)

    def test_a_summary_follows_every_setting_of_its_rules(self):
        scenario = self._draft(("if", {"rule_ids": [(0, 0, {"kind": "score", "score_value": 10})]}, "decide"))
        step = self._step(scenario, "decide")
        self.assertEqual(step.summary, "score is at least 10")
        step.rule_ids.score_value = 30
        self.assertEqual(step.summary, "score is at least 30")
        form = Form(step, view=step.action_configure()["view_id"])
        with form.rule_ids.edit(0) as rule:
            rule.score_operator = "<"
        self.assertEqual(form.summary, "score is below 30", "before it is saved")

    def test_the_form_of_a_condition_holds_the_forms_of_its_rules(self):
        arch = self.env["marketing.scenario.step"].get_view(
            self.env.ref("marketing_scenario.marketing_scenario_step_view_form_switch").id, "form"
        )["arch"]
        self.assertEqual(arch.count('name="score_value"'), 1)

    def test_a_case_needs_no_name_to_begin_with(self):
        step = self._step(self._draft(("switch", {}, "choose")), "choose")
        for _number in range(2):
            self.env["marketing.scenario.case"].with_context(default_step_id=step.id).create({"step_id": step.id})
        self.assertEqual(step.case_ids.mapped("name"), ["Case 1", "Case 2"])

    def test_merge_fields_are_called_by_name(self):
        step = self._step(self._draft(("email", {"email_subject": "Hi {{ object.marketing_first_name }}!"}, "m")), "m")
        self.assertEqual(step.summary, "Hi [First name]!")

    def test_send_me_this_mail(self):
        self.env.company.email = "hello@company.example.com"
        settings = {"email_subject": "Hi {{ object.marketing_person_name }}", "email_body_html": "<p>Look</p>"}
        step = self._step(self._draft(("email", settings, "mail")), "mail")
        preview = self.env["marketing.scenario.mail.preview"].browse(step.action_email_preview()["res_id"])
        self.assertEqual(preview.step_id, step)
        preview.record_ref = self.contact
        traces = self.env["mailing.trace"].search_count([])
        self.env.user.email = "me@company.example.com"
        with self.mock_mail_gateway():
            preview.action_send_me()
        self.assertEqual([mail["email_to"] for mail in self._mails], [[self.env.user.email_formatted]])
        self.assertEqual(self._mails[0]["subject"], "[Test] Hi Léa Martin")
        self.assertEqual(self.env["mailing.trace"].search_count([]), traces, "it counts nowhere")
        self.env.user.email = False
        with self.assertRaisesRegex(UserError, "no email address"):
            preview.action_send_me()

    def test_moments_as_a_person_writes_them(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["marketing_scenario"], ["fr_FR"])
        french = self.env(context={**self.env.context, "lang": "fr_FR"})
        moment = datetime(2026, 12, 1, 0, 31, 47)
        self.assertEqual(clock.in_words(self.env, moment, "Europe/Paris").split(), "December 1 at 1:31 AM".split())
        self.assertEqual(clock.in_words(french, moment, "Europe/Paris"), "1er décembre à 1 h 31")
        self.assertEqual(clock.in_words(french, datetime(2027, 12, 2, 0, 31), "UTC"), "2 décembre 2027 à 0 h 31")
