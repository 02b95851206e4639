"""An active scenario is changed in a draft that only its editors see, and published as a whole (S54)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase
from ..step_case import StepCase

DAY = {"pause_days": 1}
MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
MANAGER = "marketing_scenario.group_scenario_manager"


@tagged("post_install", "-at_install")
class TestDraft(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "draft_manager", groups=MANAGER, name="Mona")

    def _live(self, *steps, **vals):
        return self._make_scenario(
            *(steps or (("pause", DAY, "first"), ("pause", {"pause_days": 2}, "second"))), **vals
        )

    def _draft(self, scenario):
        return self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])

    def _names(self, scenario):
        return scenario.step_ids.sorted("position").mapped("name")

    def _texts(self, draft):
        draft.invalidate_recordset(["changes"])
        return [change["text"] for change in draft.changes]

    # -- hidden ---------------------------------------------------------------------------------------------------

    def test_only_who_asks_for_a_draft_finds_it(self):
        scenario = self._live()
        draft = self._draft(scenario)
        scenarios = self.env["marketing.scenario"]
        self.assertNotIn(draft, scenarios.search([]))
        self.assertNotIn(draft.id, [found[0] for found in scenarios.name_search(scenario.name)])
        self.assertEqual(scenarios.search([("original_id", "=", scenario.id)]), draft)
        self.assertEqual(scenario.action_edit()["res_id"], draft.id, "one draft, gone on with")
        self.assertEqual(draft.with_user(self.manager).name, scenario.name, "its editors read it")
        self.assertEqual(draft.step_ids.with_user(self.manager).mapped("name"), scenario.step_ids.mapped("name"))

    def test_nobody_enters_a_draft_and_nothing_makes_it_active(self):
        draft = self._draft(self._live())
        for act in (draft.action_activate, lambda: draft._set_state("active")):
            with self.assertRaisesRegex(UserError, "never active"):
                act()
        with self.assertRaisesRegex(UserError, "Nobody enters a draft"):
            draft.enroll("res.partner", self.contact.ids)
        self.assertFalse(self.env["marketing.scenario.refusal"].search([("scenario_id", "=", draft.id)]))
        other = self._live(name="Other")
        with self.assertRaisesRegex(UserError, "cannot be activated"):
            launcher = self._make_scenario(("scenario", {"scenario_launched_id": draft.id}, "launch"), active=False)
            launcher.action_activate()
        self.assertTrue(other)

    def test_the_engine_goes_on_with_what_is_published(self):
        scenario = self._live()
        run = self._enroll(scenario, self.contact)
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "second")._delete(True, self.env["marketing.scenario.step"])
        self._step(draft, "first").pause_days = 9
        self.forward(days=1, minutes=1)
        self.assertEqual(run.step_id, self._step(scenario, "second"))

    def test_only_the_server_makes_a_draft_and_only_for_its_owner(self):
        scenario = self._live()
        scenarios = self.env["marketing.scenario"].with_user(self.manager)
        with self.assertRaises(AccessError):
            scenarios.create({"name": "Mine", "original_id": scenario.id})
        mine = scenarios.create({"name": "Mine"})
        with self.assertRaises(AccessError):
            mine.original_id = scenario
        draft = self._draft(scenario.with_user(self.manager)).with_user(self.manager)
        self.assertEqual(draft.user_id, scenario.user_id)
        with self.assertRaisesRegex(UserError, "on the scenario itself"):
            draft.user_id = self.manager
        step = {"scenario_id": draft.id, "parent_id": draft.start_step_id.id, "step_type": "if", "name": "ask"}
        self._step(draft, "first")._move_to(self._step(draft, "second"), "next", alone=True)
        draft.step_ids.filtered(lambda one: one.name == "second")._delete(False, self.env["marketing.scenario.step"])
        ask = self.env["marketing.scenario.step"].with_user(self.manager).create(step)
        with self.assertRaisesRegex(AccessError, "runs with the rights of"):
            ask.rule_ids = [(0, 0, {"kind": "domain", "domain_partner": "[('name', '=', 'x')]"})]
        scenario.user_id = self.manager
        self.assertEqual(draft.user_id, self.manager, "the draft follows its scenario")

    def test_a_user_does_not_change(self):
        scenario = self._live()
        with self.assertRaises(AccessError):
            scenario.with_user(self.seller).action_edit()

    # -- changes in words -----------------------------------------------------------------------------------------

    def test_an_untouched_draft_has_no_changes(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        rule = {"kind": "tag", "tag_id": tag.id}
        scenario = self._live(
            ("email", {**MAIL, "email_attachment_ids": [(0, 0, {"name": "a.txt", "raw": b"a"})]}, "mail"),
            ("document", {"document_subject": "Doc", "document_link_text": "Open"}, "doc"),
            ("webhook", {"webhook_url": "https://hooks.example.com/x"}, "hook"),
            (
                "switch",
                {"case_ids": [(0, 0, {"name": "Hot", "rule_ids": [(0, 0, rule)]})]},
                "switch",
                {
                    "case_1": [
                        ("if", {"rule_ids": [(0, 0, {"kind": "email_status", "email_is_opened": True})]}, "ask")
                    ],
                    "otherwise": [("goto", {}, "back")],
                },
            ),
        )
        self._step(scenario, "ask").rule_ids.email_step_id = self._step(scenario, "mail")
        self._step(scenario, "back").goto_step_id = self._step(scenario, "mail")
        draft = self._draft(scenario.with_user(self.manager))
        self.assertEqual(draft._changes(), [], "no matter who opens it")
        self.assertEqual(draft.change_count, 0)
        self.assertEqual(self._names(draft), self._names(scenario))
        self.assertEqual(self._step(draft, "back").goto_step_id, self._step(draft, "mail"))
        self.assertEqual(self._step(draft, "ask").rule_ids.email_step_id, self._step(draft, "mail"))
        self.assertEqual(self._step(draft, "hook").webhook_secret, self._step(scenario, "hook").webhook_secret)

    def test_changes_read_as_one_made_them(self):
        scenario = self._live(("pause", DAY, "a"), ("pause", DAY, "b"), ("pause", DAY, "c"), ("pause", DAY, "d"))
        draft = self._draft(scenario)
        self._step(draft, "a")._move_to(self._step(draft, "c"), "next", alone=True)
        self._step(draft, "b").write({"pause_days": 3, "name": "three days"})
        self._step(draft, "d")._delete(True, self.env["marketing.scenario.step"])
        new = draft.canvas_add("pause", draft.start_step_id.id, "next")["selected"]
        draft.canvas_rename(new, "new")
        draft.reentry = "finished"
        self.assertEqual(
            self._texts(draft),
            [
                "Settings: May enter again: Never → Once the earlier run is over",
                "“d” (Pause) is removed",
                "“new” (Pause) is added after “Start”",
                "“three days” is changed",
                "“a” is moved: it comes after “c” now",
            ],
        )
        details = next(change["details"] for change in draft.changes if change["kind"] == "changed")
        self.assertEqual(details, ["Label: “b” → “three days”", "Days: 1 → 3"])

    def test_changes_of_rules_and_references_read_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        tags = self.env["res.partner.category"].create([{"name": "VIP"}, {"name": "Hot"}])
        rule = {"kind": "tag", "tag_id": tags[0].id}
        scenario = self._live(("if", {"rule_ids": [(0, 0, rule)]}, "ask", {"yes": [("pause", DAY, "y")]}))
        draft = self._draft(scenario)
        self._step(draft, "ask").rule_ids.tag_id = tags[1]
        self._step(draft, "ask").rule_ids = [(0, 0, {"kind": "score", "score_value": 7})]
        french = draft.with_context(lang="fr_FR")
        french.invalidate_recordset(["changes"])
        self.assertEqual([change["text"] for change in french.changes], ["«\u00a0ask\u00a0» est modifiée"])
        details = french.changes[0]["details"]
        self.assertIn("VIP → Hot", details[1] + details[0])
        self.assertEqual(len(details), 2)

    # -- publishing -----------------------------------------------------------------------------------------------

    def _publish(self, draft, **answers):
        action = draft.action_publish()
        dialog = self.env["marketing.scenario.publish"].browse(action["res_id"])
        dialog.write(answers)
        return dialog.action_publish()

    def test_kept_steps_keep_their_ids(self):
        scenario = self._live()
        ids = {step.name: step.id for step in scenario.step_ids}
        run = self._enroll(scenario, self.contact)
        self.run_due()
        draft = self._draft(scenario)
        self._step(draft, "first").write({"pause_days": 5, "name": "longer"})
        self._step(draft, "second")._move_to(draft.start_step_id, "next", alone=True)
        self._publish(draft)
        self.assertFalse(draft.exists())
        self.assertEqual(self._names(scenario), ["Start", "second", "longer", "End"])
        self.assertEqual(self._step(scenario, "longer").id, ids["first"])
        self.assertEqual(self._step(scenario, "second").id, ids["second"])
        self.assertEqual((run.state, run.step_id.id), ("running", ids["first"]))
        self.assertEqual(self._step(scenario, "longer").pause_days, 5)

    def test_another_type_is_published_on_the_same_step(self):
        scenario = self._live()
        second = self._step(scenario, "second")
        draft = self._draft(scenario)
        self._step(draft, "second")._replace("score")
        self._step(draft, "second").score_points = 5
        draft.invalidate_recordset(["changes"])
        self.assertIn("Type: Pause → Score", draft.changes[0]["details"])
        self._publish(draft)
        self.assertEqual((second.step_type, second.score_points), ("score", 5))
        self.assertEqual(scenario.version_ids[:1].event, "published")

    def test_a_whole_new_tree_is_published(self):
        scenario = self._live(("pause", DAY, "a"), ("if", {"rule_ids": [(0, 0, {"kind": "score"})]}, "ask"))
        draft = self._draft(scenario)
        nothing = self.env["marketing.scenario.step"]
        self._step(draft, "ask")._delete(False, nothing)
        self._step(draft, "a")._delete(True, nothing)
        draft.step_ids.filtered(lambda step: step.parent_id).with_context(marketing_editing=True).unlink()
        case = {"name": "Hot", "rule_ids": [(0, 0, {"kind": "score", "score_value": 5})]}
        self._add_steps(
            draft.start_step_id,
            "next",
            [
                ("pause", DAY, "p"),
                ("email", MAIL, "mail"),
                ("switch", {"case_ids": [(0, 0, case)]}, "switch", {"case_1": [("goto", {}, "back")]}),
            ],
        )
        self._step(draft, "back").goto_step_id = self._step(draft, "p")
        draft.action_add_missing_ends()
        self._publish(draft)
        self.assertEqual(self._names(scenario), ["Start", "p", "mail", "switch", "back", "End"])
        self.assertEqual(self._step(scenario, "back").goto_step_id, self._step(scenario, "p"))
        self.assertEqual(self._step(scenario, "switch").case_ids.rule_ids.score_value, 5)
        self.assertFalse(scenario._raise_issues())

    def test_a_case_goes_with_what_hangs_on_it(self):
        cases = [
            (0, 0, {"name": name, "rule_ids": [(0, 0, {"kind": "score", "score_value": value})]})
            for name, value in (("hot", 9), ("warm", 5))
        ]
        branches = {"case_1": [("pause", DAY, "h")], "case_2": [("pause", DAY, "w")]}
        scenario = self._live(("switch", {"case_ids": cases}, "switch", branches))
        draft = self._draft(scenario)
        self._step(draft, "h")._delete(False, self.env["marketing.scenario.step"])
        switch = self._step(draft, "switch")
        switch.child_ids.filtered(lambda step: step.outcome == "case_1").with_context(marketing_editing=True).unlink()
        switch.case_ids[0].unlink()
        self._publish(draft)
        self.assertEqual(self._step(scenario, "switch").case_ids.mapped("name"), ["warm"])
        self.assertEqual(self._step(scenario, "w").outcome, "case_2")

    def test_a_draft_with_errors_is_not_published(self):
        scenario = self._live()
        draft = self._draft(scenario)
        self._step(draft, "first").write({"pause_days": 0, "pause_hours": 0})
        self.assertEqual(draft.action_publish()["params"], {"scenario_id": draft.id})
        with self.assertRaisesRegex(UserError, "first"):
            draft._publish()
        self.assertEqual(self._step(scenario, "first").pause_days, 1)

    def test_whose_texts_they_are_survives_the_draft(self):
        scenario = self._live(("email", MAIL, "mail"), ("email", MAIL, "other"))
        author = self._step(scenario, "mail").text_author_id
        draft = self._draft(scenario.with_user(self.manager)).with_user(self.manager)
        self.assertEqual(self._step(draft, "mail").sudo().text_author_id, author)
        self._step(draft, "other").email_subject = "Changed"
        self._publish(draft)
        self.assertEqual(self._step(scenario, "mail").text_author_id, author)
        self.assertEqual(self._step(scenario, "other").text_author_id, self.manager)

    def test_files_of_a_text_do_not_go_with_the_draft(self):
        scenario = self._live(("one_to_one", {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hi</p>"}, "mail"))
        draft = self._draft(scenario)
        step = self._step(draft, "mail")
        file = self.env["ir.attachment"].create(
            {"name": "i.png", "raw": b"x", "res_model": step._name, "res_id": step.id}
        )
        step.one_to_one_body = f'<p>Hi <img src="/web/image/{file.id}"/></p>'
        self._publish(draft)
        self.assertEqual(file.exists().res_id, self._step(scenario, "mail").id)

    def test_what_a_program_changed_meanwhile_is_told(self):
        scenario = self._live()
        draft = self._draft(scenario)
        self._step(draft, "first").pause_days = 5
        self._step(scenario, "second").pause_days = 7
        dialog = self.env["marketing.scenario.publish"].browse(draft.action_publish()["res_id"])
        self.assertEqual([change["details"] for change in dialog.meanwhile], [["Days: 2 → 7"]])
        self.assertIn("“second” is changed", [change["text"] for change in dialog.changes])

    def test_discard(self):
        scenario = self._live()
        draft = self._draft(scenario)
        self._step(draft, "first").pause_days = 5
        self.assertEqual(draft.action_discard()["res_id"], scenario.id)
        self.assertFalse(draft.exists())
        self.assertEqual(self._step(scenario, "first").pause_days, 1)

    # -- two editors ----------------------------------------------------------------------------------------------

    def test_who_else_is_there(self):
        draft = self._draft(self._live())
        self.assertEqual(draft.with_user(self.manager).draft_status()["others"], [])
        self.assertEqual(draft.draft_status()["others"], ["Mona"])
        self.forward(run=False, minutes=2)
        self.assertEqual(draft.draft_status()["others"], [])
        with self.assertRaises(AccessError):
            draft.with_user(self.seller).draft_status()
        draft.action_discard()
        self.assertTrue(draft.draft_status()["gone"])

    def test_two_people_build_a_scenario_that_was_never_active(self):
        scenario = self._make_scenario(("pause", DAY, "first"), active=False)
        mine, theirs = scenario, scenario.with_user(self.manager)
        before = theirs.draft_status()
        self.assertEqual(before["others"], [])
        self.assertEqual((mine.draft_status()["others"], mine.draft_status()["stamp"]), (["Mona"], before["stamp"]))
        self.assertEqual(theirs.draft_status()["others"], [self.env.user.name])
        step = self._step(mine, "first")
        step.with_context(marketing_seen={"pause_days": 1}).web_save({"pause_days": 3}, {})
        self.assertNotEqual(theirs.draft_status()["stamp"], before["stamp"], "so their screen shows it")
        with self.assertRaisesRegex(UserError, "Days: now 3, yours 5"):
            step.with_user(self.manager).with_context(marketing_seen={"pause_days": 1}).web_save({"pause_days": 5}, {})
        stamps = [theirs.draft_status()["stamp"]]
        mine.canvas_add("score", step.id, "next")
        stamps.append(theirs.draft_status()["stamp"])
        mine.canvas_delete(step.id, True)
        stamps.append(theirs.draft_status()["stamp"])
        self.assertEqual(len(set(stamps)), 3)

    def test_who_reads_an_active_scenario_sees_who_changes_its_draft(self):
        scenario = self._live()
        draft = self._draft(scenario)
        draft.with_user(self.manager).draft_status()
        scenario.with_user(self.manager).draft_status()
        stamp = scenario.draft_status()["stamp"]
        self.assertEqual(scenario.draft_status()["others"], ["Mona"])
        self._step(draft, "first").pause_days = 5
        self.assertEqual(scenario.draft_status()["stamp"], stamp, "its own tree is as it was")

    def test_the_second_save_of_a_step_overwrites_nothing(self):
        step = self._step(self._draft(self._live()), "first").with_user(self.manager)
        seen = {"pause_days": 1}
        step.with_context(marketing_seen=seen).web_save({"pause_days": 3}, {})
        with self.assertRaises(UserError) as refused:
            step.with_context(marketing_seen=seen).web_save({"pause_days": 5}, {})
        self.assertIn("Days: now 3, yours 5", str(refused.exception))
        self.assertEqual(step.pause_days, 3)
        step.with_context(marketing_seen={"name": "first"}).web_save({"name": "both"}, {})
        self.assertEqual((step.name, step.pause_days), ("both", 3), "another field goes in")

    def test_the_second_save_of_a_design_overwrites_nothing(self):
        step = self._step(self._draft(self._live(("email", MAIL, "mail"))), "mail").with_user(self.manager)
        mailing = self.env["mailing.mailing"].with_user(self.manager).browse(step.action_email_design()["res_id"])
        image = f'<p>One <img src="data:image/png;base64,{PIXEL}"/></p>'

        def design(seen, text):
            text = f"<style>.o_layout {{ color: red; }}</style>{text}"
            values = {"body_arch": text, "body_html": text}
            mailing.with_context(marketing_seen={"body_arch": seen}).web_save(values, {})
            return text

        begun = design(mailing.body_arch, "<p>Begun</p>")
        pictured = design(begun, image)
        self.assertNotEqual(mailing.body_arch, pictured, "stored otherwise than typed")
        design(pictured, "<p>Mine</p>")
        with self.assertRaisesRegex(UserError, "“mail” was changed by somebody else(.|\n)*“Mine”, yours “Theirs”"):
            design(pictured, "<p>Theirs</p>")
        theirs = design(mailing.body_arch, "<p>Theirs</p>")
        design(theirs, "<p>Theirs, longer</p>")
        self.assertIn("longer", step.email_body_arch)

    def test_a_design_in_one_language_is_saved_again_and_again(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        step = self._step(self._draft(self._live(("email", MAIL, "mail"))), "mail").with_user(self.manager)
        action = step.with_context(marketing_language="fr_FR").action_email_design()
        mailing = self.env["mailing.mailing"].with_user(self.manager).browse(action["res_id"])
        self.assertNotIn("lang", action["context"], "what stands around the text is in the language of who designs")
        mailing = mailing.with_context(marketing_language=action["context"]["marketing_language"])
        english, seen = step.email_body_html, mailing.body_arch

        def design(seen, text):
            values = {"body_arch": text, "body_html": text}
            mailing.with_context(marketing_seen={"body_arch": seen}).web_save(values, {})

        for text in ("<p>Bonjour</p>", "<p>Bonjour à tous</p>"):
            design(seen, text)
            seen = text
        self.assertIn("Bonjour à tous", step.with_context(lang="fr_FR").email_body_html)
        self.assertEqual(step.with_context(lang="en_US").email_body_html, english)
        with self.assertRaises(UserError):
            design("<p>Bonjour</p>", "<p>Non</p>")

    def test_the_second_save_of_a_rule_overwrites_nothing(self):
        rules = [(0, 0, {"kind": "score", "score_value": value}) for value in (1, 2)]
        scenario = self._live(("if", {"rule_ids": rules}, "ask"))
        ask = self._step(self._draft(scenario), "ask")
        first, second = ask.rule_ids.ids
        seen = {"rule_ids": {"ids": [first, second], "rows": {str(first): {"score_value": 1}}}}
        command = [[1, first, {"score_value": 8}]]
        ask.with_context(marketing_seen=seen).web_save({"rule_ids": command}, {})
        with self.assertRaisesRegex(UserError, "now 8, yours 9"):
            ask.with_context(marketing_seen=seen).web_save({"rule_ids": [[1, first, {"score_value": 9}]]}, {})
        ask.rule_ids[1].unlink()
        with self.assertRaisesRegex(UserError, "added or removed"):
            ask.with_context(marketing_seen=seen).web_save({"rule_ids": [[1, second, {"score_value": 9}]]}, {})


@tagged("post_install", "-at_install")
class TestDirect(ScenarioCase):
    """What a program writes takes effect at once, and is a version (the public contract)."""

    def test_a_program_writes_at_once(self):
        scenario = self._make_scenario(("pause", DAY, "wait"), active=False)
        scenario.action_activate()
        self.env.cr.precommit.run()
        self._step(scenario, "wait").pause_days = 4
        self._step(scenario, "wait").name = "four"
        self.env.cr.precommit.run()
        scenario.invalidate_recordset(["version_ids"])
        versions = scenario.version_ids
        self.assertEqual(versions.mapped("event"), ["direct", "activated"])
        self.assertEqual(versions[0].what, "“four” is changed")
        self.assertEqual(self._step(scenario, "four").pause_days, 4)
        self._step(scenario, "four").pause_days = 4
        self.env.cr.precommit.run()
        self.assertEqual(len(scenario.version_ids), 2, "nothing was changed")

    def test_building_makes_no_version(self):
        scenario = self._make_scenario(("pause", DAY, "wait"), active=False)
        self._step(scenario, "wait").pause_days = 4
        self.env.cr.precommit.run()
        self.assertFalse(scenario.version_ids)
