"""Each scenario of the gallery is made, checked and walked, in both languages (S11, S40)."""

import json

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ...models.sharing.gallery import WORDS, open_shipped, shipped
from ...tools import scenario_file
from .. import valid_html
from ..common import MONDAY, ScenarioCase

LANGUAGES = ("en_US", "fr_FR")
# shows each of the mails as a phone would; what stands out at the side is an error
WIDER = """
(async () => {
    for (const [name, mail] of Object.entries(%s)) {
        const frame = document.createElement("iframe");
        Object.assign(frame, { width: 320, height: 500, srcdoc: mail });
        frame.sandbox.add("allow-same-origin");
        const shown = new Promise((resolve) => frame.addEventListener("load", resolve));
        document.body.append(frame);
        await shown;
        const page = frame.contentDocument;
        if (!page.body.textContent.trim() || page.documentElement.scrollWidth > frame.clientWidth) {
            console.error(`${name}: ${page.documentElement.scrollWidth} pixels wide`);
        }
        frame.remove();
    }
    console.log("test successful");
})();
"""


class GalleryCase(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        sender = cls.env["marketing.sender"].create({"name": "Ann", "email": "ann@example.com", "is_default": True})
        sender.state = "validated"
        country = cls.env.ref("base.us")
        country.update_field_translations("name", {"en_US": "United States", "fr_FR": "États-Unis"})
        cls.env.company.write(
            {
                "name": "Oak & Light",
                "street": "1 rue du Port",
                "city": "Brest",
                "country_id": country.id,
            }
        )

    def _dialog(self, card, lang="en_US"):
        action = self.env["marketing.gallery.scenario"].with_context(lang=lang).use_card(card)
        return self.env[action["res_model"]].with_context(lang=lang).browse(action["res_id"])

    def _answered(self, card, lang="en_US"):
        dialog = self._dialog(card, lang)
        for question in dialog.question_ids.filtered("needed"):
            if question.res_model:
                question.res_id = self.env[question.res_model].search([], limit=1).id
            else:
                question.date = "2026-05-20"
        return dialog

    def _begun(self, card, lang="en_US"):
        return self.env["marketing.scenario"].browse(self._answered(card, lang).action_import()["res_id"])

    def _someone(self, scenario, lang="en_US"):
        person = {"phone": "+33612345678", "country_id": self.env.ref("base.fr").id}
        if "lead" in scenario._kinds() and "contact" not in scenario._kinds():
            language = self.env["res.lang"]._lang_get(lang)
            return self._make_lead(
                "Oak", contact_name="Zoé", email_from="zoe@example.com", lang_id=language.id, **person
            ).with_context(lang=lang)
        return self._make_contact(
            "Zoé Roux",
            "zoe@example.com",
            is_company="contact" not in scenario._kinds(),
            lang=lang,
            **person,
        ).with_context(lang=lang)


@tagged("post_install", "-at_install")
class TestGallery(GalleryCase):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(shipped()), 10)

    def test_each_is_complete_in_both_languages(self):
        for card in shipped():
            for value in self._texts(open_shipped(card)):
                with self.subTest(card, text=str(value)[:60]):
                    self.assertEqual(value["languages"].keys(), set(LANGUAGES))
                    self.assertTrue(all(value["languages"].values()))

    def _texts(self, value):
        if isinstance(value, dict) and value.keys() == {"languages"}:
            return [value]
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [text for item in inner for text in self._texts(item)]

    def test_each_is_made_without_an_error(self):
        for card in shipped():
            for lang in LANGUAGES:
                with self.subTest(card, lang=lang), self.env.cr.savepoint() as savepoint:
                    scenario = self._begun(card, lang)
                    errors = [issue for issue in scenario.with_context(lang=lang).check() if issue["level"] == "error"]
                    self.assertEqual(errors, [])
                    name = open_shipped(card)["scenario"]["name"]
                    self.assertEqual(scenario.name, scenario_file.in_language(name, lang))
                    self.assertTrue(scenario.goal_ids, "it says what it is for")
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_each_is_walked_to_an_end(self):
        for card in shipped():
            with self.subTest(card), self.env.cr.savepoint() as savepoint:
                self.set_now(MONDAY)
                scenario = self._begun(card)
                scenario.action_activate()
                run = self._enroll(scenario, self._someone(scenario))
                for _day in range(400):
                    if run.state != "running":
                        break
                    self.forward(hours=24)
                    run.invalidate_recordset()
                self.assertEqual((run.state, run.error_message), ("done", False), self.path(run))
                traces = run.trace_ids
                self.assertFalse(traces.filtered(lambda trace: trace.event == "error"))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_mails_are_complete(self):
        """Each mail: a subject, a preview, a way out, who sends it; nothing that is left to fill in."""
        for card in shipped():
            for lang in LANGUAGES:
                scenario = self._begun(card, lang)
                record = self._someone(scenario, lang)
                for step in scenario.step_ids.filtered(lambda step: step._channel() == "email"):
                    with self.subTest(card, step=step.name, lang=lang):
                        content, sample = self.env["marketing.scenario.channel.mail"]._sample(step, record)
                        body = html.fromstring(str(sample["body"]))
                        self.assertEqual(valid_html.problems(sample["body"]), [])
                        self.assertEqual(body.findtext("head/title"), sample["subject"])
                        self.assertEqual(body.get("lang"), lang.replace("_", "-"))
                        if content.layout:
                            self.assertTrue(body.xpath("head/meta[@name='color-scheme']"))
                            self.assertTrue(body.xpath("head/style[contains(., 'sm_page')]"))
                            self.assertFalse(body.xpath("body//style"))
                            self.assertIn(WORDS[lang]["why"], body.text_content())
                        for style in body.xpath("//style"):
                            style.drop_tree()
                        text = body.text_content()
                        self.assertTrue(sample["subject"])
                        self.assertIn(
                            "there," if lang == "en_US" else "à vous,", text.replace("Zoé,", "there, à vous,")
                        )
                        self.assertNotIn("scenario-file", str(sample["body"]))
                        self.assertNotIn("{", text)
                        country = "United States" if lang == "en_US" else "États-Unis"
                        self.assertIn(f"Oak & Light, 1 rue du Port, Brest, {country}", text)
                        self.assertTrue(body.xpath("//a[contains(@href, '/unsubscribe')]"))
                        if content.layout:
                            self.assertTrue(step.with_context(lang=lang).email_preview)

    def test_each_text_comes_in_all_languages(self):
        """Whoever takes it: a contact is written to in their own language."""
        for card in shipped():
            document = open_shipped(card)
            self.assertFalse(self._dialog(card).calculating)
            scenario = self._begun(card, "fr_FR")
            for node, step in zip(document["scenario"]["steps"], scenario.step_ids.sorted("position"), strict=True):
                for name in step._translated():
                    if value := node["values"].get(name):
                        said = {str(step.with_context(lang=lang)[name]) for lang in LANGUAGES}
                        with self.subTest(card, step=step.name, field=name):
                            self.assertEqual(len(said), len(set(value["languages"].values())))

    def test_a_form_of_the_gallery_speaks_both_languages(self):
        scenario = self._begun("01_welcome", "fr_FR")
        form = self.env["marketing.engagement.point"].search([], order="id desc", limit=1)
        self.assertEqual(form.with_context(lang="fr_FR").title, "Parlez-nous de vous")
        self.assertEqual(form.with_context(lang="en_US").title, "Tell us about you")
        self.assertIn("Merci", str(form.with_context(lang="fr_FR").thank_you))
        self.assertIn("Thank you", str(form.with_context(lang="en_US").thank_you))
        self.assertIn("Oak &amp; Light", str(form.consent_text))
        door = (
            self.env["marketing.automatism"]
            .with_context(active_test=False)
            .search([("opens_with_id", "=", scenario.id)])
        )
        self.assertEqual(door.form_point_id, form)

    def test_goals_are_reached_by_what_they_ask_for(self):
        """A click in one of two mails, a form, a won deal: each by its event, with its worth."""
        deal = {"type": "opportunity", "expected_revenue": 700}
        for card, worth in (("01_welcome", 700), ("07_win_back", 700), ("10_re_permission", 0), ("09_event", 0)):
            with self.subTest(card), self.env.cr.savepoint() as savepoint:
                self.set_now(MONDAY)
                scenario = self._begun(card)
                scenario.action_activate()
                someone = self._someone(scenario)
                run = self._enroll(scenario, someone)
                self.run_due()
                if card == "10_re_permission":
                    trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
                    link = trace.mass_mailing_id._marketing_links()[:1]
                    self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
                elif card == "09_event":
                    form = scenario.goal_ids.rule_ids.form_point_id
                    self.env["marketing.engagement.submission"].create(
                        {"point_id": form.id, "partner_id": someone.id, "state": "done", "at": self.now}
                    )
                    self.env["marketing.automatism.event"]._note("form_filled", someone, {"point_id": form.id})
                else:
                    opportunity = self.env["crm.lead"].create({"name": "Deal", "partner_id": someone.id, **deal})
                    if card == "07_win_back":
                        opportunity.action_set_won()
                self.env["marketing.automatism.event"]._process()
                self.assertEqual(run.conversion_ids.filtered(lambda row: not row.is_early).mapped("value"), [worth])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_is_needed_is_asked_for(self):
        dialog = self._dialog("09_event")
        self.assertEqual(dialog.question_ids.filtered("needed").mapped("label"), ["When is the event?"])
        dialog.action_import()
        self.assertIn("When is the event", dialog.problem)

    def test_late_entrants_of_an_event_get_no_mail_of_the_past(self):
        scenario = self._begun("09_event")
        scenario.action_activate()
        self.set_now(MONDAY.replace(month=5, day=10))
        run = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertIn("The program:next", self.path(run))
        self.assertNotIn("Invitation:next", self.path(run))

    def test_a_choice_is_taken_instead_of_what_would_be_made(self):
        form = self.env["marketing.engagement.point"].create({"name": "Mine"})
        dialog = self._answered("02_brochure")
        dialog.question_ids.filtered(lambda line: line.res_model == form._name).res_id = form.id
        dialog.name = "Spring"
        scenario = self.env["marketing.scenario"].browse(dialog.action_import()["res_id"])
        self.assertEqual(scenario.name, "Spring")
        self.assertEqual(scenario.step_ids.rule_ids.form_point_id, form)

    def test_a_scenario_is_saved_and_used(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2}, "Wait"), name="Ours", description="For us.")
        action = scenario.action_save_to_gallery()
        saved = self.env[action["res_model"]].browse(action["res_id"])
        card = next(card for card in saved.cards() if card["id"] == saved.id)
        self.assertEqual((card["name"], card["summary"], card["steps"]), ("Ours", "For us.", 3))
        begun = self._begun(card["key"])
        self.assertEqual(begun.step_ids.mapped("name"), ["Start", "Wait", "End"])
        saved.unlink()
        with self.assertRaisesRegex(UserError, "no longer in the gallery"):
            self._dialog(card["key"])
        with self.assertRaises(UserError):
            self._dialog("../../__manifest__")

    def test_what_the_user_sees_is_what_is_done(self):
        dialog = self._dialog("01_welcome")
        tag = dialog.line_ids.filtered(lambda line: line.res_model == "res.partner.category")
        self.assertEqual(tag.fate, "made")
        self.env["res.partner.category"].create({"name": "Newsletter"})
        again = self._dialog("01_welcome").line_ids.filtered(lambda line: line.res_model == "res.partner.category")
        self.assertEqual(again.fate, "used")


@tagged("post_install", "-at_install")
class TestGalleryOnPhones(GalleryCase, HttpCase):
    browser_size = "800x600"

    def test_no_mail_is_wider_than_a_phone(self):
        """Each is shown in a frame of 320 pixels: nothing in it may be cut or scrolled to the side."""
        mails = {}
        for card in shipped():
            for lang in LANGUAGES:
                scenario = self._begun(card, lang)
                record = self._someone(scenario, lang)
                for step in scenario.step_ids.filtered(lambda step: step._channel() == "email"):
                    _content, sample = self.env["marketing.scenario.channel.mail"]._sample(step, record)
                    mails[f"{card}, {step.name}"] = str(sample["body"])
        self.assertGreater(len(mails), 40)
        self.browser_js("/web/login", WIDER % json.dumps(mails).replace("</", "<\\/"))
