"""What the picker of merge fields offers renders on every kind of target, for everybody who may edit a step."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestMergeFields(StepCase):
    def _offered(self):
        offered = self.env["marketing.scenario.target"].merge_fields()
        return offered["first"], offered["more"]

    def test_some_fifteen_human_names_first_each_once(self):
        first, more = self._offered()
        self.assertEqual(len(first), 15)
        self.assertEqual([row["label"] for row in first[:3]], ["First name", "Full name", "Company name"])
        labels, paths = ([row[key] for row in first + more] for key in ("label", "path"))
        self.assertEqual(len(set(paths)), len(paths))
        self.assertEqual(len(set(labels)), len(labels), "no label twice")

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        first = self.env["marketing.scenario.target"].with_context(lang="fr_FR").merge_fields()["first"]
        self.assertEqual([row["label"] for row in first[:2]], ["Prénom", "Nom complet"])

    def test_what_odoo_allows_in_its_own_templates_stays_as_it_is(self):
        manager = new_test_user(self.env, "merge_manager", groups="marketing_scenario.group_scenario_manager")
        group = self.env.ref("mail.group_mail_template_editor")
        manager.group_ids -= group
        self.env.ref("base.group_user").implied_ids -= group
        text = "{{ object.city }}"
        template = (
            self.env["mail.template"]
            .with_user(manager)
            .create({"model_id": self.env.ref("base.model_res_partner").id, "name": "Hello", "subject": "Hello"})
        )
        with self.assertRaises(AccessError):
            template.subject = text
        scenario = self._make_scenario(("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "mail"))
        self._step(scenario, "mail").with_user(manager).email_subject = text
        self.assertIn("object.city", self.env["marketing.scenario.target"].mail_allowed_qweb_expressions())

    def test_none_fails_on_any_kind(self):
        first, more = self._offered()
        body = "".join(f'<p><t t-out="object.{row["path"]}"/></p>' for row in first + more)
        subject = "".join(f"{{{{ object.{row['path']} ||| - }}}} " for row in first + more)
        scenario = self._make_scenario(
            ("email", {"email_subject": subject, "email_body_html": f"<p>Hello</p>{body}"}, "mail"),
            ("sms", {"sms_body": subject}, "sms"),
        )
        for name in ("mail", "sms"):
            issues = self._step(scenario, name)._validate()
            self.assertFalse([issue for issue in issues if issue["code"] != "no_provider"])
        runs = self._walk(scenario)
        self.assertEqual(runs.mapped("state"), ["done"] * 3)
        for mail in runs.trace_ids.mailing_trace_id.mail_mail_id:
            for repr_of_record in ("res.partner(", "res.users(", "res.company(", "res.country("):
                self.assertNotIn(repr_of_record, mail.body_html)

    def test_who_may_not_edit_templates_may_use_them_all(self):
        self.env["res.groups"].search(
            [("implied_ids", "in", self.env.ref("mail.group_mail_template_editor").ids)]
        ).write({"implied_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        manager = new_test_user(self.env, "writer", groups="marketing_scenario.group_scenario_manager")
        manager.write({"group_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        scenario = self._make_scenario(("email", {}, "mail"), active=False)
        first, more = self._offered()
        step = self._step(scenario, "mail").with_user(manager)
        for row in first + more:
            step.email_subject = f"Hi {{{{ object.{row['path']} }}}}"
            self.assertIn(row["path"], step.email_subject)

    def test_the_forms_and_the_designer_ask_for_these(self):
        step = self._step(self._make_scenario(("one_to_one", {}, "step"), active=False), "step")
        self.assertEqual(step.merge_model, "marketing.scenario.target")
        self.assertEqual(step._mail_mailing("res.partner").marketing_merge_model, "marketing.scenario.target")
        for step_type in ("email", "one_to_one", "document", "sms"):
            view = self.env.ref(f"marketing_scenario.marketing_scenario_step_view_form_{step_type}")
            arch = step.get_view(view.id, "form")["arch"]
            self.assertIn("'dynamic_placeholder_model_reference_field': 'merge_model'", arch)
            self.assertNotIn("{'dynamic_placeholder': true}", arch)
