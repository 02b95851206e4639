"""A message speaks the language of who gets it, in as many languages as it was written in (S11)."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

CODE = '<p t-out="object.env.cr"/>'
LINK = "https://example.com/brochure"


@tagged("post_install", "-at_install")
class TestLanguages(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.contact.lang = "en_US"
        cls.french = cls._make_contact("Zoé", "zoe@example.com", lang="fr_FR", phone="+33612345678")

    def _bilingual(self, **vals):
        mail = {"email_subject": "Hello", "email_body_html": f"<p><a href='{LINK}'>Brochure</a></p>", **vals}
        scenario = self._make_scenario(("email", mail, "Mail"), ("sms", {"sms_body": "Come!"}, "SMS"))
        self._step(scenario, "Mail").update_field_translations("email_subject", {"fr_FR": "Bonjour"})
        body = f"<p>Voici : <a href='{LINK}'>La brochure</a></p>"
        self._step(scenario, "Mail").update_field_translations("email_body_html", {"fr_FR": body})
        self._step(scenario, "SMS").update_field_translations("sms_body", {"fr_FR": "Venez !"})
        return scenario

    def test_each_gets_the_text_of_their_language(self):
        self.contact.phone = "+33698765432"
        people = self.contact | self.french
        people.marketing_optin = True
        runs = self._enroll(self._bilingual(), people)
        self.run_due()
        told = {
            run.partner_id: (
                run.trace_ids.mailing_trace_id.mail_mail_id.subject,
                self.env["sms.sms"].search([("partner_id", "=", run.partner_id.id)]).body.partition("\n")[0],
            )
            for run in runs
        }
        self.assertEqual(told, {self.contact: ("Hello", "Come!"), self.french: ("Bonjour", "Venez !")})

    def test_a_text_of_one_language_is_corrected_for_everybody(self):
        step = self._step(self._make_scenario(("sms", {"sms_body": "Kome!"}, "SMS")), "SMS")
        step.with_context(lang="fr_FR").sms_body = "Come!"
        self.assertEqual([step.with_context(lang=lang).sms_body for lang in ("en_US", "fr_FR")], ["Come!", "Come!"])

    def test_a_text_of_two_languages_is_corrected_in_one(self):
        step = self._step(self._bilingual(), "SMS")
        step.with_context(lang="fr_FR").sms_body = "Venez tous !"
        self.assertEqual(step.sms_body, "Come!")

    def test_a_mail_designed_in_one_language_leaves_the_others(self):
        scenario = self._make_scenario(("email", {"email_subject": "Hi", "email_body_arch": "<p>Hi</p>"}, "Mail"))
        step = self._step(scenario, "Mail")
        step.update_field_translations("email_body_arch", {"fr_FR": "<p>Salut</p>"})
        step.write({"email_body_arch": "<p>Hello</p>", "email_body_html": "<div>Hello</div>"})
        self.assertIn("Hello", str(step._email_text("en_US")[1]))
        self.assertIn("Salut", str(step._email_text("fr_FR")[1]))
        step.with_context(lang="fr_FR").write({"email_body_html": "<div>Bonjour</div>"})
        self.assertIn("Hello", str(step._email_text("en_US")[1]))
        self.assertIn("Bonjour", str(step._email_text("fr_FR")[1]))

    def test_a_mail_of_one_language_is_designed_for_everybody(self):
        scenario = self._make_scenario(("email", {"email_subject": "Hi", "email_body_arch": "<p>Hi</p>"}, "Mail"))
        step = self._step(scenario, "Mail").with_context(lang="fr_FR")
        step.write({"email_body_arch": "<p>Salut</p>", "email_body_html": "<div>Salut</div>"})
        self.assertIn("Salut", str(step._email_text("en_US")[1]))

    def _design(self, step, language=""):
        """The mailing that the designer opens, with the context in which it is read and saved."""
        action = step.with_context(marketing_language=language).action_email_design()
        return self.env["mailing.mailing"].with_context(**action["context"]).browse(action["res_id"])

    def _bodies(self, step):
        return {lang: str(step._email_text(lang)[1]) for lang in ("en_US", "fr_FR")}

    def test_the_designer_writes_one_language_on_demand(self):
        mail = {"email_subject": "Hi", "email_body_arch": "<p>Hi</p>", "email_body_html": "<p>Hi</p>"}
        step = self._step(self._make_scenario(("email", mail, "Mail"), active=False), "Mail")
        designer = self._design(step)
        self.assertEqual(designer.marketing_languages["shown"], "")
        designer.write({"body_arch": "<p>Both</p>", "body_html": "<p>Both</p>"})
        self.assertEqual(self._bodies(step), {"en_US": "<p>Both</p>", "fr_FR": "<p>Both</p>"})

        for language, text in (("fr_FR", "<p>Salut</p>"), ("en_US", "<p>Hello</p>")):
            before = self._bodies(step)
            designer = self._design(step, language)
            self.assertEqual(designer.marketing_languages["shown"], language)
            self.assertEqual(str(designer.body_html), before[language])
            designer.write({"body_arch": text, "body_html": text})
            self.assertEqual(self._bodies(step), {**before, language: text})
        self.env.invalidate_all()  # another request
        self.assertFalse(self._design(step).marketing_languages["alike"])

        designer = self._design(step, "fr_FR")
        self.assertTrue(designer.marketing_is_translation)
        designer.subject = "Bonjour"
        self.assertEqual([step.with_context(lang=lang).email_subject for lang in ("en_US", "fr_FR")], ["Hi", "Bonjour"])

    def test_a_variant_is_designed_in_one_language_too(self):
        mail = {"email_subject": "Hi", "email_body_arch": "<p>Hi</p>", "email_body_html": "<p>Hi</p>"}
        step = self._step(self._make_scenario(("email", mail, "Mail"), active=False), "Mail")
        variant = self.env["marketing.scenario.variant"].create({"step_id": step.id, "email_subject": "Hey"})
        action = variant.with_context(marketing_language="fr_FR").action_design()
        designer = self.env["mailing.mailing"].with_context(**action["context"]).browse(action["res_id"])
        self.assertEqual(designer.marketing_languages["id"], variant.id)
        designer.write({"body_arch": "<p>Salut</p>", "body_html": "<p>Salut</p>"})
        self.assertEqual(self._bodies(step), {"en_US": "<p>Hi</p>", "fr_FR": "<p>Hi</p>"})
        self.assertEqual(self._bodies(step._as(variant))["fr_FR"], "<p>Salut</p>")

    def test_a_translation_is_judged_and_cleaned_as_any_text(self):
        manager = new_test_user(self.env, "tongues", groups="marketing_scenario.group_scenario_manager")
        editor = self.env.ref("mail.group_mail_template_editor")
        self.env["res.groups"].search([("implied_ids", "in", editor.ids)]).write({"implied_ids": [(3, editor.id)]})
        manager.write({"group_ids": [(3, editor.id)]})
        step = self._step(self._bilingual(), "Mail").with_user(manager)
        with self.assertRaises(AccessError):
            step.update_field_translations("email_body_html", {"fr_FR": CODE})
        step.update_field_translations("email_body_html", {"fr_FR": "<p>Oui<script>alert(1)</script></p>"})
        self.assertEqual(str(step.with_context(lang="fr_FR").email_body_html), "<p>Oui</p>")

    def test_the_check_reads_all_languages(self):
        step = self._step(self._bilingual(), "SMS")
        step.update_field_translations("sms_body", {"fr_FR": "{{ object.no_such_field }}"})
        self.assertTrue([issue for issue in step._validate() if issue["code"].startswith("merge_field")])

    def test_a_link_is_one_whatever_it_is_called(self):
        scenario = self._bilingual()
        rule = self.env["marketing.scenario.rule"].create(
            {
                "step_id": self._step(scenario, "Mail").id,
                "kind": "link_clicked",
                "email_step_id": self._step(scenario, "Mail").id,
                "link_url": LINK,
                "link_label": "Brochure",
            }
        )
        self.assertEqual(rule._chosen_labels(), {"Brochure", "La brochure"})
        self.assertEqual(rule.with_context(lang="fr_FR")._chosen_labels(), {"Brochure", "La brochure"})
        rule.link_label = "Gone"
        self.assertFalse(rule._chosen_labels())

    def test_a_draft_keeps_the_languages(self):
        scenario = self._bilingual()
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        self.assertFalse(draft.changes)
        step = self._step(draft, "SMS")
        self.assertEqual(step.with_context(lang="fr_FR").sms_body, "Venez !")
        step.with_context(lang="fr_FR").sms_body = "Venez tous !"
        draft.invalidate_recordset(["changes"])
        self.assertEqual(len(draft.changes), 1)
        draft._publish()
        published = self._step(scenario, "SMS")
        self.assertEqual((published.sms_body, published.with_context(lang="fr_FR").sms_body), ("Come!", "Venez tous !"))

    def test_what_was_kept_before_is_read(self):
        scenario = self._make_scenario(("document", {"document_link_text": "Open"}, "Paper"))
        definition = scenario._definition()
        node = definition["steps"][1]
        self.assertEqual(node["values"]["document_link_text"], "Open")
        node["values"]["document_link_text"] = {"languages": {"en_US": "Read", "fr_FR": "Lire"}}
        scenario._apply(definition)
        step = self._step(scenario, "Paper")
        self.assertEqual(
            (step.document_link_text, step.with_context(lang="fr_FR").document_link_text), ("Read", "Lire")
        )
        node["values"]["document_link_text"] = "Both"
        scenario._apply(definition)
        self.assertEqual(
            (step.document_link_text, step.with_context(lang="fr_FR").document_link_text), ("Both", "Both")
        )
