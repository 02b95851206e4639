"""A scenario leaves as one file, and arrives from one (S11)."""

import base64
import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.sharing.unpack import Unpacker
from ..common import ScenarioCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestSharing(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.tag = cls.env["res.partner.category"].create({"name": "Trade fair"})
        cls.tag.update_field_translations("name", {"fr_FR": "Salon"})
        cls.form = cls.env["marketing.engagement.point"].create({"name": "Stand", "title": "Meet us", "score": 5})
        cls.form.update_field_translations("title", {"fr_FR": "Venez nous voir"})
        cls.window = cls.env["marketing.window"].create({"name": "Mornings", "hour_from": 8, "hour_to": 12})
        cls.campaign = cls.env["marketing.phoning.campaign"].create({"name": "Call them", "script": "<p>Hello</p>"})
        cls.image = cls.env["ir.attachment"].create({"name": "a picture.png", "raw": PIXEL, "public": True})
        cls.paper = cls.env["ir.attachment"].create({"name": "prices.txt", "raw": b"1 EUR"})
        cls.scenario = cls._full_scenario()

    @classmethod
    def _full_scenario(cls):
        base = cls.form.get_base_url()
        image = f"<img src='/web/image/{cls.image.id}/a%20picture.png'>"
        mail = {
            "email_subject": "Hello {{ object.marketing_first_name }}",
            "email_body_arch": f"<p>{image}<a href='{base}/marketing/form/{cls.form.token}'>Come</a></p>",
            "email_attachment_ids": [Command.set(cls.paper.ids)],
            "window_id": cls.window.id,
        }
        scenario = cls._make_scenario(
            ("email", mail, "Invite"),
            ("sms", {"sms_body": "Come!"}, "Text"),
            ("pause", {"pause_days": 3}, "Wait"),
            ("if", {"if_wait_days": 2}, "Came?", {"yes": [("tag", {"tag_id": cls.tag.id}, "Came")]}),
            name="Fair",
            active=False,
            visit_limit=3,
            leave_on_unsubscribe=False,
            window_id=cls.window.id,
        )
        condition = scenario.step_ids.filtered(lambda step: step.name == "Came?")
        scenario.step_ids.filtered(lambda step: step.parent_id == condition and step.outcome == "no").unlink()
        cls._add_steps(
            condition,
            "no",
            [
                ("phoning", {"phoning_campaign_id": cls.campaign.id}, "Call"),
                ("webhook", {"webhook_url": "https://example.com/hook?key=secret"}, "Tell"),
                ("switch", {"case_ids": [Command.create({"name": "Tagged"})]}, "Kind"),
            ],
        )
        switch = scenario.step_ids.filtered(lambda step: step.name == "Kind")
        invite = scenario.step_ids.filtered(lambda step: step.name == "Invite")
        cls._add_steps(switch, "case_1", [("goto", {"goto_step_id": invite.id}, "Again")])
        scenario.action_add_missing_ends()
        rules = cls.env["marketing.scenario.rule"]
        rules.create(
            [
                {"step_id": condition.id, "kind": "form_filled", "form_point_id": cls.form.id},
                {"step_id": condition.id, "kind": "link_clicked", "email_step_id": invite.id, "negate": True},
            ]
        )
        domain = f"[('category_id', 'in', [{cls.tag.id}]), ('name', 'ilike', 'a')]"
        rules.create({"case_id": switch.case_ids.id, "kind": "domain", "domain_partner": domain})
        cls.door = cls.env["marketing.automatism"].create(
            {
                "name": "Fair: form filled",
                "event_type": "form_filled",
                "form_point_id": cls.form.id,
                "action_ids": [
                    Command.create({"kind": "tag_add", "tag_id": cls.tag.id}),
                    Command.create({"kind": "enroll", "scenario_id": scenario.id}),
                ],
            }
        )
        return scenario

    def _arrived(self, **changes):
        """The scenario of the file, as it comes into a database that has nothing of it."""
        document = self.env["marketing.scenario"]._read_file(self.scenario._file())
        return self.env["marketing.scenario"]._unpack(document | changes)

    def _take_away(self):
        """Rename all that the scenario uses: nothing of it is found any more."""
        self.form.name = self.window.name = self.campaign.name = "Other"
        self.tag.update_field_translations("name", {"en_US": "Other", "fr_FR": "Autre"})

    def test_a_file_knows_no_id_and_no_secret(self):
        text = self.scenario._file().decode()
        self.assertNotIn("secret", text)
        self.assertNotIn(self.form.token, text)
        self.assertNotIn(f"/web/image/{self.image.id}", text)
        self.assertNotIn(self.form.get_base_url(), text)
        document = json.loads(text)
        rules = [rule for step in document["scenario"]["steps"] for rule in step.get("lines", {}).get("rule_ids", ())]
        self.assertEqual(rules[1]["values"]["email_step_id"], {"step": 2})
        self.assertEqual(document["records"]["res.partner.category-1"]["name"]["languages"]["fr_FR"], "Salon")

    def test_what_is_here_is_used_as_it_is(self):
        arrived = self._arrived()
        self.assertEqual(arrived.state, "draft")
        self.assertEqual(
            (arrived.visit_limit, arrived.leave_on_unsubscribe, arrived.window_id), (3, False, self.window)
        )
        self.assertEqual(self._step(arrived, "Came").tag_id, self.tag)
        condition = self._step(arrived, "Came?")
        self.assertEqual(condition.rule_ids.form_point_id, self.form)
        self.assertEqual(condition.rule_ids[1].email_step_id, self._step(arrived, "Invite"))
        self.assertEqual(self._step(arrived, "Again").goto_step_id, self._step(arrived, "Invite"))
        rule = self._step(arrived, "Kind").case_ids.rule_ids
        self.assertEqual(rule.domain_partner, f"[('category_id', 'in', [{self.tag.id}]), ('name', 'ilike', 'a')]")
        self.assertIn(f"/marketing/form/{self.form.token}", str(self._step(arrived, "Invite").email_body_arch))
        self.assertFalse(self._step(arrived, "Tell").webhook_url)

    def test_what_is_not_here_is_made(self):
        document = self.env["marketing.scenario"]._read_file(self.scenario._file())
        self._take_away()
        lines = {line["name"]: line for line in Unpacker(self.env, document).plan()}
        self.assertTrue(lines["Stand"]["made"])
        arrived = self.env["marketing.scenario"]._unpack(document)
        form = self._step(arrived, "Came?").rule_ids.form_point_id
        self.assertNotEqual(form, self.form)
        self.assertEqual((form.name, form.score), ("Stand", 5))
        self.assertEqual(form.with_context(lang="fr_FR").title, "Venez nous voir")
        self.assertEqual(form.field_ids.mapped("key"), self.form.field_ids.mapped("key"))
        self.assertIn(f"/marketing/form/{form.token}", str(self._step(arrived, "Invite").email_body_arch))
        self.assertEqual(self._step(arrived, "Call").phoning_campaign_id.script, "<p>Hello</p>")
        self.assertEqual(arrived.window_id.hour_to, 12)
        self.assertEqual(self._step(arrived, "Came").tag_id.with_context(lang="fr_FR").name, "Salon")

    def test_out_and_in_and_out_gives_the_same_file(self):
        before = self.scenario._file()
        self.assertEqual(self._arrived()._file(), before)
        self._take_away()
        arrived = self.env["marketing.scenario"]._unpack(self.env["marketing.scenario"]._read_file(before))
        self.assertEqual(arrived._file().decode(), before.decode())

    def test_goals_travel_with_what_their_rules_ask(self):
        invite = self.scenario.step_ids.filtered(lambda step: step.name == "Invite")
        clicked = Command.create({"kind": "link_clicked", "email_step_id": invite.id})
        self.env["marketing.scenario.goal"].create(
            {
                "scenario_id": self.scenario.id,
                "name": "Came",
                "days": 20,
                "value_kind": "fixed",
                "value": 12.5,
                "rule_ids": [clicked],
            }
        )
        goal = self._arrived().goal_ids
        self.assertEqual((goal.name, goal.days, goal.value_kind, goal.value), ("Came", 20, "fixed", 12.5))
        step = goal.rule_ids.email_step_id
        self.assertEqual((step.name, step.scenario_id), ("Invite", goal.scenario_id))

    def test_files_travel(self):
        invite = self._step(self._arrived(), "Invite")
        self.assertEqual(invite.email_attachment_ids.raw, b"1 EUR")
        image = self.env["ir.attachment"].search([("res_model", "=", invite._name), ("res_id", "=", invite.id)])
        self.assertEqual(set(image.mapped("name")), {"a picture.png", "prices.txt"})
        self.assertIn("access_token=", str(invite.email_body_arch))

    def test_a_template_and_a_document_travel(self):
        template = self.env["mail.template"].create(
            {
                "name": "Fair mail",
                "model_id": self.env.ref("base.model_res_partner").id,
                "subject": "Come",
                "body_html": "<p>Come to the fair</p>",
            }
        )
        template.with_context(lang="fr_FR").subject = "Venez"
        scenario = self._make_scenario(
            ("email", {"email_source": "template", "email_template_id": template.id}, "Mail"),
            (
                "document",
                {
                    "document_source": "file",
                    "document_file": base64.b64encode(PIXEL),
                    "document_file_name": "plan.png",
                    "document_subject": "Plan",
                    "document_body": "<p>Here</p>",
                },
                "Plan",
            ),
            active=False,
        )
        file = scenario._file()
        template.name = "Other"
        arrived = self.env["marketing.scenario"]._unpack(self.env["marketing.scenario"]._read_file(file))
        made = self._step(arrived, "Mail").email_template_id
        self.assertNotEqual(made, template)
        self.assertEqual((made.model, made.subject, made.auto_delete), ("res.partner", "Come", template.auto_delete))
        self.assertEqual(made.with_context(lang="fr_FR").subject, "Venez")
        self.assertEqual(self._step(arrived, "Plan")._document_file_content(), PIXEL)
        self.assertEqual(arrived._file(), file)

    def test_its_automations_wait_for_the_activation(self):
        arrived = self._arrived()
        door = (
            self.env["marketing.automatism"]
            .with_context(active_test=False)
            .search([("opens_with_id", "=", arrived.id)])
        )
        self.assertEqual((door.name, door.active), (self.door.name, False))
        self.assertEqual(door.action_ids.scenario_id, arrived)
        self.assertEqual(door.action_ids.mapped("kind"), ["tag_add", "enroll"])
        self._step(arrived, "Tell").webhook_url = "https://example.com"
        arrived._set_state("active")
        arrived._open_doors()
        self.assertTrue(door.active)
        self.assertFalse(door.opens_with_id)

    def test_a_switch_used_by_hand_counts(self):
        door = self.door.copy({"name": "x"})
        door._open_with(self.scenario)
        door.active = True
        door.active = False
        self.scenario._set_state("active")
        self.scenario._open_doors()
        self.assertFalse(door.active)

    # -- strangers' files -----------------------------------------------------------------------------------------

    def _document(self):
        return self.env["marketing.scenario"]._read_file(self.scenario._file())

    def assertRefused(self, change, text, user=None):
        document = self._document()
        change(document)
        scenarios = self.env["marketing.scenario"].with_user(user or self.env.user)
        before = scenarios.sudo().search_count([])
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            scenarios._unpack(document)
        self.assertIn(text, str(refusal.exception))
        self.assertEqual(scenarios.sudo().search_count([]), before)

    def _values(self, document, label):
        return next(s["values"] for s in document["scenario"]["steps"] if s["values"]["name"] == label)

    def test_what_is_unknown_is_named(self):
        def of_type(document):
            document["scenario"]["steps"][1]["type"] = "carrier_pigeon"

        self.assertRefused(of_type, "carrier_pigeon")
        self.assertRefused(lambda d: self._values(d, "Wait").update(pause_moons=2), "pause_moons")
        self.assertRefused(lambda d: self._values(d, "Wait").update(pause_days="two"), "Wait")
        self.assertRefused(lambda d: self._values(d, "Wait").update(pause_mode="moons"), "Wait")
        self.assertRefused(lambda d: self._values(d, "Tell").update(webhook_url="https://x"), "webhook_url")
        self.assertRefused(lambda d: self._values(d, "Wait").update(scenario_id={"record": "x"}), "scenario_id")
        self.assertRefused(lambda d: d["scenario"]["settings"].update(user_id={"record": "x"}), "user_id")
        self.assertRefused(lambda d: d["scenario"]["settings"].update(state="active"), "state")

    def test_a_file_brings_rows_of_no_other_model(self):
        user = {"model": "res.users", "name": "x", "values": {"login": "x"}, "lines": {}}
        self.assertRefused(lambda d: d["records"].update(bad=user), "bad")
        action = {"model": "ir.actions.server", "name": "x", "values": {"code": "1"}, "lines": {}}
        self.assertRefused(lambda d: d["records"].update(bad=action), "bad")
        parameter = {"model": "ir.config_parameter", "name": "x", "values": {}, "lines": {}}
        self.assertRefused(lambda d: d["records"].update(bad=parameter), "ir.config_parameter")
        unknown = {"model": "no.such.model", "name": "x", "values": {}, "lines": {}}
        self.assertRefused(lambda d: d["records"].update(bad=unknown), "no.such.model")

    def test_nothing_is_made_of_what_is_only_used_by_name(self):
        def needs_action(document):
            document["records"]["a"] = {
                "model": "ir.actions.server",
                "name": "Nobody has it",
                "values": {},
                "lines": {},
            }
            step = document["scenario"]["steps"][2]
            step.update(type="server_action", values={"name": "Do", "server_action_partner_id": {"record": "a"}})

        document = self._document()
        needs_action(document)
        arrived = self.env["marketing.scenario"]._unpack(document)
        self.assertFalse(self._step(arrived, "Do").server_action_partner_id)
        self.assertFalse(self.env["ir.actions.server"].search([("name", "=", "Nobody has it")]))

    def test_texts_and_filters_are_judged_as_typed_by_who_imports(self):
        manager = self.env["res.users"].create(
            {
                "name": "Manager",
                "login": "import_manager",
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("marketing_scenario.group_scenario_manager").id,
                            self.env.ref("base.group_partner_manager").id,
                        ]
                    )
                ],
            }
        )
        code = "<p t-out=\"object.env['res.users'].search([])\"/>"
        self.assertRefused(lambda d: self._values(d, "Invite").update(email_body_arch=code), "placeholders", manager)

        def filtered(document, text):
            for step in document["scenario"]["steps"]:
                for case in step["lines"].get("case_ids", ()):
                    case["lines"]["rule_ids"][0]["values"]["domain_partner"] = text

        self.assertRefused(lambda d: filtered(d, "__import__('os').system('x')"), "filter", manager)
        self.assertRefused(lambda d: filtered(d, "[('user_ids.password', '=', 'x')]"), "password", manager)
        # the same file without its sting is taken by the same person
        arrived = self.env["marketing.scenario"].with_user(manager)._unpack(self._document())
        self.assertEqual(arrived.user_id, manager)

    def test_who_only_looks_neither_gives_nor_takes(self):
        user = self.env["res.users"].create(
            {
                "name": "User",
                "login": "import_user",
                "group_ids": [Command.set(self.env.ref("marketing_scenario.group_scenario_user").ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.scenario.with_user(user)._file()
        with self.assertRaises(AccessError):
            self.env["marketing.scenario"].with_user(user)._unpack(self._document())

    def test_no_file_of_this_server_is_attached_by_its_name(self):
        self.env["ir.attachment"].create({"name": "salaries.txt", "raw": b"secret"})

        def steal(document):
            document["records"]["x"] = {"model": "ir.attachment", "name": "salaries.txt", "values": {}, "lines": {}}
            self._values(document, "Invite")["email_attachment_ids"] = [{"record": "x"}]

        self.assertRefused(steal, "Invite")

    def test_a_picture_in_a_text_is_a_picture(self):
        def page(document):
            key = next(key for key, file in document["files"].items() if file["mimetype"] == "image/png")
            document["files"][key]["mimetype"] = "text/html"

        self.assertRefused(page, "a picture.png")

    def test_a_file_is_shown_before_it_is_taken(self):
        content = base64.b64encode(self.scenario._file())
        self._take_away()
        dialog = self.env["marketing.scenario.import"].create({"file": content, "file_name": "fair.json"})
        before = self.env["marketing.scenario"].search_count([])
        dialog.action_read()
        self.assertEqual(self.env["marketing.scenario"].search_count([]), before)
        self.assertEqual(dialog.name, "Fair")
        fates = {line.name: line.fate for line in dialog.line_ids}
        self.assertEqual((fates["Stand"], fates["Trade fair"]), ("made", "made"))
        dialog.name = "Fair again"
        scenario = self.env["marketing.scenario"].browse(dialog.action_import()["res_id"])
        self.assertEqual((scenario.name, scenario.state), ("Fair again", "draft"))

    def test_a_file_that_is_refused_says_so_in_the_dialog(self):
        """Not in another dialog on top; the next file is read in the same one."""
        dialog = self.env["marketing.scenario.import"].create({})
        self.assertEqual(dialog.action_read()["res_id"], dialog.id)
        self.assertIn("Choose the file", dialog.problem)
        dialog.file = base64.b64encode(b"{}")
        dialog.action_read()
        self.assertIn("no file of a scenario", dialog.problem)
        self.assertFalse(dialog.is_read)
        dialog.file = base64.b64encode(self.scenario._file())
        dialog.action_read()
        self.assertEqual((dialog.problem, dialog.is_read, dialog.calculating), (False, True, ""))

    def test_texts_that_calculate_are_taken_only_from_who_is_trusted(self):
        """Who may write templates could have typed them; a file brings them unseen."""
        document = json.loads(self.scenario._file())
        mail = next(step for step in document["scenario"]["steps"] if step["type"] == "email")
        mail["values"]["email_subject"] = "{{ object.env.user.name }}"
        editor = new_test_user(
            self.env, "file_editor", groups="marketing_scenario.group_scenario_manager,mail.group_mail_template_editor"
        )
        dialog = self.env["marketing.scenario.import"].with_user(editor)
        dialog = dialog.create({"file": base64.b64encode(json.dumps(document).encode())})
        dialog.action_read()
        self.assertEqual(dialog.calculating, mail["values"]["name"])
        before = self.env["marketing.scenario"].search_count([])
        dialog.action_import()
        self.assertIn("trust", dialog.problem)
        self.assertEqual(self.env["marketing.scenario"].search_count([]), before)
        dialog.is_trusted = True
        self.assertEqual(dialog.action_import()["res_model"], "marketing.scenario")

    def test_a_text_that_calculates_since_the_file_was_read_needs_trust_as_well(self):
        """A card of the company may be changed by a colleague while the dialog is open."""
        document = json.loads(self.scenario._file())
        mail = next(step for step in document["scenario"]["steps"] if step["type"] == "email")
        gallery = self.env["marketing.gallery.scenario"]
        card = gallery.create({"name": "Card", "content": base64.b64encode(json.dumps(document).encode())})
        dialog = self.env["marketing.scenario.import"].browse(gallery.use_card(f"saved-{card.id}")["res_id"])
        self.assertFalse(dialog.calculating)
        mail["values"]["email_subject"] = "{{ object.env.user.name }}"
        card.content = base64.b64encode(json.dumps(document).encode())
        dialog.action_import()
        self.assertIn("trust", dialog.problem)
        self.assertEqual(dialog.calculating, mail["values"]["name"])

    def test_a_file_that_lies_about_its_choices_gains_nothing(self):
        """The rows of the dialog are the client's: what they name is looked at again."""
        content = base64.b64encode(self.scenario._file())
        dialog = self.env["marketing.scenario.import"].create({"file": content})
        dialog.action_read()
        line = dialog.line_ids.filtered(lambda line: line.name == "Stand")
        line.write({"asked": True, "res_model": "res.users", "res_id": self.form.id})
        scenario = self.env["marketing.scenario"].browse(dialog.action_import()["res_id"])
        self.assertEqual(self._step(scenario, "Came?").rule_ids.form_point_id, self.form)

    def test_what_is_no_file_of_a_scenario_is_refused(self):
        scenarios = self.env["marketing.scenario"]
        for content in (b"", b"\xff\xfe", b"[1", b"{}", b'{"format": "marketing_scenario", "version": 99}', b"NaN"):
            with self.subTest(content), self.assertRaises(UserError):
                scenarios._read_file(content)
        self.env["ir.config_parameter"].set_param("marketing_scenario.import_max_mb", "0.001")
        with self.assertRaisesRegex(UserError, "too large"):
            scenarios._read_file(self.scenario._file())


@tagged("post_install", "-at_install")
class TestSharingDownload(HttpCase):
    def test_who_may_change_a_scenario_downloads_it(self):
        scenario = self.env["marketing.scenario"].create({"name": "Départ"})
        user = new_test_user(
            self.env, "file_user", password="file_user", groups="marketing_scenario.group_scenario_user,base.group_user"
        )
        url = f"/marketing/scenario/{scenario.id}/file"
        self.assertIn("/web/login", self.url_open(url).url)
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 403)
        self.authenticate("admin", "admin")
        answer = self.url_open(url)
        self.assertEqual(answer.json()["scenario"]["name"], "Départ")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(self.url_open("/marketing/scenario/999999999/file").status_code, 404)
