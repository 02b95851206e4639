from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase

from ..common import ScenarioCase

BODY = """<p>Hello <t t-out="object.marketing_first_name">you</t></p><a class="btn" href="https://shop.example.com/offer">Buy</a>"""


@tagged("post_install", "-at_install")
class TestStepEmail(ScenarioCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.account = cls._make_contact("Big Corp", "info@corp.example.com", is_company=True)
        cls.lead = cls._make_lead(contact_name="Paul Dupont", email_from="paul@lead.example.com")

    def _scenario(self, *more, **vals):
        settings = {
            "email_subject": "Hi {{ object.marketing_person_name ||| friend }}",
            "email_body_html": BODY,
            **vals,
        }
        return self._make_scenario(("email", settings, "mail"), *more, target_kinds="all")

    def _mails(self, scenario):
        return self.env["mail.mail"].search([("mailing_id.marketing_step_id", "in", scenario.step_ids.ids)], order="id")

    def test_one_step_serves_all_kinds(self):
        scenario = self._scenario()
        enrollments = self._enroll(scenario, self.contact + self.account) + self._enroll(scenario, self.lead)
        self.run_due()
        mails = self._mails(scenario)
        self.assertEqual(mails.mapped("model"), ["res.partner", "res.partner", "crm.lead"])
        self.assertEqual(mails.mapped("subject"), ["Hi Léa Martin", "Hi friend", "Hi Paul Dupont"])
        self.assertEqual(mails[0].email_to, '"Léa Martin" <lea@example.com>')
        self.assertIn("<p>Hello Paul</p>", mails[2].body_html)
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertJourney(enrollments[0], "mail:next", "End:end")
        step = self._step(scenario, "mail")
        self.assertEqual(step.email_mailing_id.mailing_model_real, "res.partner")
        self.assertEqual(step.email_lead_mailing_id.mailing_model_real, "crm.lead")
        traces = scenario.enrollment_ids.trace_ids.mailing_trace_id
        self.assertEqual(traces.mail_mail_id, mails)
        self.assertEqual(traces.marketing_enrollment_id, enrollments)

    def test_no_consent_is_skipped_with_its_reason(self):
        scenario = self._scenario()
        self.contact.marketing_optin = False
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertJourney(enrollment, "mail:skipped", "End:end")
        self.assertEqual(enrollment.trace_ids.filtered(lambda t: t.event == "skipped").reason, "no_consent")
        self.assertFalse(self._mails(scenario))

    def test_reentry_sends_the_same_mail_again(self):
        scenario = self._scenario()
        scenario.reentry = "finished"
        for _run in range(2):
            self._enroll(scenario, self.contact)
            self.run_due()
        mails = self._mails(scenario)
        self.assertEqual(mails.mapped("email_to"), ['"Léa Martin" <lea@example.com>'] * 2)
        self.assertEqual(len(mails.mailing_trace_ids), 2)
        self.assertEqual(len(mails.mailing_id), 1)

    def test_values_of_a_record_are_never_evaluated(self):
        self.contact.name = "{{ 7 * 7 }} <t t-out='1+1'/> <script>x</script>\r\nBcc: a@b.example.com"
        scenario = self._scenario(email_body_html='<p>Hello <t t-out="object.marketing_person_name"/></p>')
        self._enroll(scenario, self.contact)
        self.run_due()
        mail = self._mails(scenario)
        self.assertEqual(mail.subject, "Hi {{ 7 * 7 }} <t t-out='1+1'/> <script>x</script> Bcc: a@b.example.com")
        self.assertIn("{{ 7 * 7 }}", mail.body_html)
        self.assertIn("&lt;script&gt;", mail.body_html)
        self.assertNotIn("<script>", mail.body_html)

    def test_template_in_the_language_of_each_recipient(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Welcome {{ object.marketing_first_name }}",
                "body_html": "<p>Good morning</p>",
            }
        )
        template.with_context(lang="fr_FR").write(
            {"subject": "Bienvenue {{ object.marketing_first_name }}", "body_html": "<p>Bonjour</p>"}
        )
        french = self._make_contact("Jean Petit", "jean@example.com", lang="fr_FR")
        scenario = self._scenario(email_source="template", email_template_id=template.id, email_subject=False)
        self._enroll(scenario, self.contact + french)
        self.run_due()
        english, french_mail = self._mails(scenario).sorted("email_to")[::-1]
        self.assertEqual((english.subject, french_mail.subject), ("Welcome Léa", "Bienvenue Jean"))
        self.assertIn("Bonjour", french_mail.body_html)
        self.assertIn("Good morning", english.body_html)

    def test_broken_merge_field_stops_only_its_own_record(self):
        scenario = self._scenario(email_body_html='<p><t t-out="1 / (len(object.name) - 4)"/></p>')
        broken = self._make_contact("Four", "four@example.com")
        fine, wrong = self._enroll(scenario, self.contact), self._enroll(scenario, broken)
        self.run_due()
        self.assertEqual((fine.state, wrong.state, wrong.attempts), ("done", "running", 1))
        self.assertIn("Four", wrong.error_message)

    def test_check_before_activation(self):
        scenario = self._make_scenario(("email", {}, "mail"), active=False)
        step = self._step(scenario, "mail")
        self.assertEqual({issue["code"] for issue in step._validate()}, {"no_subject", "no_body"})
        step.write(
            {
                "email_subject": "Hello {{ object.no_such_field }}",
                "email_body_html": '<p>Hi</p><a href="#">here</a> <a href="htp:/x">there</a>',
            }
        )
        self.env.company.email = False
        codes = [issue["code"] for issue in step._validate()]
        self.assertEqual(codes.count("dead_link"), 2)
        self.assertEqual(codes.count("no_sender"), 1)
        self.assertEqual(codes.count("merge_field"), 1)

    def test_good_step_has_no_issue(self):
        self.assertEqual(self._step(self._scenario(), "mail")._validate(), [])

    def test_sender(self):
        step = self._step(self._scenario(), "mail")
        company = self.env.company
        self.assertEqual(step._mail_sender(), f'"{company.name}" <hello@company.example.com>')
        default = self.env["marketing.sender"].create(
            {"name": "News", "email": "News@Company.example.com", "is_default": True}
        )
        self.assertEqual(step._mail_sender(), f'"{company.name}" <hello@company.example.com>')
        default._confirm(default._token())
        self.assertEqual(step._mail_sender(), '"News" <news@company.example.com>')
        step.email_sender_name = "Léa"
        self.assertEqual(step._mail_sender(), '"Léa" <news@company.example.com>')
        self.assertFalse(default._confirm("wrong"))

    def test_designer_writes_to_the_step_and_its_twin(self):
        scenario = self._scenario()
        step = self._step(scenario, "mail")
        self._enroll(scenario, self.lead)
        self.run_due()
        mailing = self.env["mailing.mailing"].browse(step.action_email_design()["res_id"])
        mailing.write({"subject": "New", "body_arch": "<p>New</p>", "body_html": "<p>New inline</p>"})
        self.assertEqual((step.email_subject, str(step.email_body_html)), ("New", "<p>New inline</p>"))
        self.assertEqual(str(step.email_lead_mailing_id.body_html), "<p>New inline</p>")
        self.assertEqual(step.email_lead_mailing_id.subject, "New")
        self.assertFalse(self.env["mailing.mailing"].search([("id", "=", mailing.id)]), "hidden from Email Marketing")

    def test_code_needs_a_template_editor(self):
        self.env["ir.config_parameter"].set_param("mail.restrict.template.rendering", True)
        self.env.ref("base.group_user").write(
            {"implied_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]}
        )
        manager = new_test_user(
            self.env, "m.manager", groups="base.group_user,marketing_scenario.group_scenario_manager"
        )
        manager.write({"group_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        step = self._step(self._scenario(), "mail").with_user(manager)
        step.email_subject = "Hi {{ object.marketing_company_name }}"
        with self.assertRaises(AccessError):
            step.email_subject = "Hi {{ object.env['res.users'].search([]).mapped('login') }}"
        with self.assertRaises(AccessError):
            step.email_body_html = """<p t-out="object.env.user.login"/>"""

    def test_preview_writes_nothing(self):
        step = self._step(self._scenario(), "mail")
        trackers = self.env["link.tracker"].search_count([])
        preview = self.env["marketing.scenario.mail.preview"].create(
            {"step_id": step.id, "record_ref": f"crm.lead,{self.lead.id}"}
        )
        self.assertEqual((preview.subject, preview.email_to), ("Hi Paul Dupont", "paul@lead.example.com"))
        self.assertIn("https://shop.example.com/offer", preview.body)
        self.assertFalse(step.email_lead_mailing_id)
        self.assertEqual(self.env["link.tracker"].search_count([]), trackers)

    def test_copied_scenario_has_its_own_mailing(self):
        scenario = self._scenario()
        self._enroll(scenario, self.contact)
        self.run_due()
        copied = self._step(scenario.copy(), "mail")
        self.assertEqual(copied.email_body_html, self._step(scenario, "mail").email_body_html)
        self.assertFalse(copied.email_mailing_id)

    def test_a_text_is_checked_again_right_before_it_is_evaluated(self):
        """Whatever the way by which it came in: SQL, an import, rights taken away since."""
        self.env["res.groups"].search(
            [("implied_ids", "in", self.env.ref("mail.group_mail_template_editor").ids)]
        ).write({"implied_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        author = new_test_user(self.env, "author", groups="marketing_scenario.group_scenario_manager")
        author.write({"group_ids": [(4, self.env.ref("mail.group_mail_template_editor").id)]})
        code = "<p><t t-out=\"object.env['res.users'].browse(2).login\"/></p>"
        scenarios = {
            "email": {"email_subject": "Hello", "email_body_html": code},
            "one_to_one": {"one_to_one_subject": "Hello", "one_to_one_body": code},
            "sms": {"sms_body": "{{ object.env['res.users'].browse(2).login }}"},
        }
        for step_type, texts in scenarios.items():
            with self.subTest(step_type):
                scenario = self._make_scenario((step_type, {}, "step"), active=False)
                step = self._step(scenario, "step")
                step.with_user(author).write(texts)
                self.assertEqual(step.text_author_id, author)
                self.assertTrue(step._vouched_texts())
        author.write({"group_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        for step in self.env["marketing.scenario.step"].search([("text_author_id", "=", author.id)]):
            with self.subTest(step.step_type):
                codes = [issue["message"] for issue in step._validate() if issue["code"].startswith("merge_field")]
                self.assertTrue(codes)
                self.assertIn("template editors", codes[0])
                step.scenario_id._set_state("active")
                self.contact.phone = "+33 6 12 34 56 78"
                run = self._enroll(step.scenario_id, self.contact)
                self.run_due()
                self.assertEqual(run.step_id, step)
                self.assertIn("template editors", run.error_message or run.trace_ids[:1].message)

    def test_a_text_kept_on_a_step_without_mails_is_checked_and_never_shown(self):
        self.env["res.groups"].search(
            [("implied_ids", "in", self.env.ref("mail.group_mail_template_editor").ids)]
        ).write({"implied_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        manager = new_test_user(self.env, "pauser", groups="marketing_scenario.group_scenario_manager")
        manager.write({"group_ids": [(3, self.env.ref("mail.group_mail_template_editor").id)]})
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "step"), active=False)
        step = self._step(scenario, "step").with_user(manager)
        code = "<p><t t-out=\"object.env['res.users'].browse(2).login\"/></p>"
        for name, language in step._rendered_fields().items():
            if language:
                with self.subTest(name), self.assertRaisesRegex(AccessError, "template editors"):
                    step[name] = code if language == "qweb" else "{{ object.env.uid }}"
        preview = self.env["marketing.scenario.mail.preview"].with_user(manager)
        shown = preview.create({"step_id": step.id, "record_ref": f"res.partner,{self.contact.id}"})
        self.assertIn("sends no mail", shown.error)
        self.assertFalse(shown.body)
