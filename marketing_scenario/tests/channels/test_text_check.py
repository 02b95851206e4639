"""The check before activation names what is wrong with a text, for each kind of target, without any Python (S40)."""

import re

from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

PYTHON = re.compile(r"Error\b|Traceback|NoneType|object has no|\(\)|<class|line \d")


@tagged("post_install", "-at_install")
class TestTextCheck(StepCase):
    def _issues(self, step_type, settings, **vals):
        scenario = self._make_scenario((step_type, settings, "step"), active=False, **vals)
        issues = self._step(scenario, "step")._validate()
        for issue in issues:
            self.assertNotRegex(issue["message"], PYTHON)
        return {issue["code"]: issue for issue in issues if issue["code"] not in ("no_provider", "no_report")}

    def _email(self, subject="Hi", body="<p>Hello</p>", **vals):
        return self._issues("email", {"email_subject": subject, "email_body_html": body}, **vals)

    def test_a_field_that_one_kind_does_not_have(self):
        issues = self._email(body='<p><t t-out="object.barcode"/></p>')
        self.assertEqual(set(issues), {"merge_field"})
        self.assertEqual(issues["merge_field"]["level"], "error")
        self.assertIn("“Body”: leads have no field “barcode”", issues["merge_field"]["message"])
        self.assertFalse(self._email(body='<p><t t-out="object.barcode"/></p>', target_kinds="contact_account"))

    def test_it_is_found_without_any_record_of_that_kind(self):
        self.env["crm.lead"].search([]).unlink()
        self.assertIn("merge_field", self._email(subject="{{ object.barcode }}"))

    def test_a_field_that_no_kind_has_is_told_once_and_leads_to_its_text(self):
        for step_type, settings, field in (
            ("email", {"email_subject": "{{ object.nope }}", "email_body_html": "<p>Hi</p>"}, "email_subject"),
            ("email", {"email_subject": "Hi", "email_preview": "{{ object.nope }}"}, "email_preview"),
            ("email", {"email_subject": "Hi", "email_body_html": '<p t-out="object.nope"/>'}, "email_body_html"),
            ("one_to_one", {"one_to_one_subject": "{{ object.nope }}", "one_to_one_body": "Hi"}, "one_to_one_subject"),
            ("document", {"document_subject": "{{ object.nope }}"}, "document_subject"),
            ("sms", {"sms_body": "Hi {{ object.nope }}"}, "sms_body"),
        ):
            with self.subTest(field):
                scenario = self._make_scenario((step_type, settings, "step"), active=False)
                step = self._step(scenario, "step")
                found = [issue for issue in step._validate() if "nope" in issue["message"]]
                self.assertEqual([issue["field"] for issue in found], [field])
                self.assertIn("contacts, accounts, and leads have no field “nope”", found[0]["message"])
                # the card and the panel say it too, as soon as it is written
                self.assertIn("nope", step.incomplete)
                told = [issue["message"] for issue in scenario.canvas()["issues"] if issue["step_id"] == step.id]
                self.assertIn("nope", " ".join(told))

    def test_a_wrong_field_keeps_nobody_from_a_message_that_has_it(self):
        settings = {"email_subject": "{{ object.barcode }}", "email_body_html": "<p>Hi</p>"}
        step = self._step(self._scenario_of("email", settings), "step")
        self.assertIn("barcode", step.incomplete)
        self.assertFalse(step._missing())

    def test_a_field_further_along(self):
        message = self._email(subject="{{ object.marketing_user_id.nickname }}")["merge_field"]["message"]
        self.assertIn("“nickname”", message)

    def test_a_name_that_means_something_else_on_leads(self):
        issues = self._email(subject="Dear {{ object.name }}")
        self.assertEqual(set(issues), {"other_meaning"})
        self.assertEqual(issues["other_meaning"]["level"], "warning")
        self.assertIn("“Opportunity” on leads", issues["other_meaning"]["message"])
        for kinds in ("contact", "account", "contact_account", "lead"):
            self.assertFalse(self._email(subject="Dear {{ object.name }}", target_kinds=kinds), "one meaning only")
        self.assertFalse(self._email(subject="{{ object.marketing_person_name }} {{ object.phone }}"))

    def test_a_template_of_contacts_used_for_leads(self):
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Dear {{ object.name }}",
                "body_html": "<p>Welcome</p>",
            }
        )
        settings = {"email_source": "template", "email_template_id": template.id}
        self.assertEqual(set(self._issues("email", settings, target_kinds="lead")), {"other_meaning"})
        self.assertFalse(self._issues("email", settings, target_kinds="contact"))

    def test_braces_in_a_designed_text(self):
        for step_type, settings in (
            ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi {{ object.marketing_first_name }}</p>"}),
            ("one_to_one", {"one_to_one_subject": "Hi", "one_to_one_body": "<p>{{ object.marketing_first_name }}</p>"}),
            ("document", {"document_subject": "Hi", "document_body": "<p>{{ object.marketing_first_name }}</p>"}),
        ):
            with self.subTest(step_type):
                issue = self._issues(step_type, settings)["stray_placeholder"]
                self.assertEqual(issue["level"], "warning")
                self.assertIn("“{{ object.marketing_first_name }}”", issue["message"])
        self.assertIn("stray_placeholder", self._issues("sms", {"sms_body": "Hi {{ object.marketing_first_name }"}))

    def test_what_only_rendering_shows(self):
        for subject in ("{{ 1 / 0 }}", "{{ object. }}", "{{ nothing }}", "{{ object.name.nothing }}"):
            with self.subTest(subject):
                issues = self._email(subject=subject, target_kinds="contact")
                self.assertEqual(set(issues), {"merge_field_contact"})
                self.assertIn("tried for contacts", issues["merge_field_contact"]["message"])
        self.assertIn("merge_field_contact", self._email(body='<p t-out="object."/>', target_kinds="contact"))

    def test_a_failing_run_says_it_in_words_too(self):
        scenario = self._scenario_of(
            "email", {"email_subject": "Hi", "email_body_html": '<p>Hi <t t-out="object.barkode"/></p>'}
        )
        message = self._walk(scenario, self.contact).error_message
        self.assertIn("there is no field “barkode”", message)
        self.assertNotRegex(message, PYTHON)

    def test_it_is_tried_with_a_record_that_the_manager_may_see(self):
        """What goes wrong may name it."""
        company = self.env["res.company"].create({"name": "Other"})
        manager = new_test_user(
            self.env,
            "text.manager",
            groups="marketing_scenario.group_scenario_manager,base.group_partner_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        theirs = self._make_contact("0000 First", company_id=self.env.company.id)
        step = self._step(self._scenario_of("email", {"email_subject": "Hi"}, active=False, company_id=False), "step")
        for user, tried in ((self.env.user, True), (manager, False)):
            with self.subTest(user.login):
                seen = []
                step.with_user(user).with_company(user.company_id)._kind_issues("contact", seen.append)
                self.assertEqual(theirs in seen, tried)
