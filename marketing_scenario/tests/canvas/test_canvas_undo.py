"""Whatever is done on the canvas can be taken back and done again, by who did it (S38)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...tools import definition
from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
DAY = {"pause_days": 1}
SCORE = {"rule_ids": [(0, 0, {"kind": "score", "score_operator": ">=", "score_value": 3})]}
MANAGER = "marketing_scenario.group_scenario_manager"


@tagged("post_install", "-at_install")
class TestCanvasUndo(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.manager = new_test_user(cls.env, "undo_manager", groups=MANAGER)
        cls.colleague = new_test_user(cls.env, "undo_colleague", groups=MANAGER)

    def setUp(self):
        super().setUp()
        case = {"name": "good", **SCORE}
        self.scenario = self._make_scenario(
            ("email", MAIL, "mail"),
            ("switch", {"case_ids": [(0, 0, case)]}, "ask", {"case_1": [("pause", DAY, "y")]}),
            active=False,
        )
        self.canvas = self.scenario.with_user(self.manager).with_context(marketing_undo_session="one")

    def id(self, name):
        return self._step(self.scenario, name).sorted("id")[:1].id

    def content(self, scenario=None):
        """The definition without the ids of what is in it."""
        steps = (scenario or self.scenario)._definition()["steps"]
        numbers = {node["ref"]: number for number, node in enumerate(steps)}

        def lines(part):
            part["ref"] = 0
            for inner in part["lines"].values():
                for line in inner:
                    lines(line)
            return part

        return [lines(node) | {"ref": 0} for node in definition.renamed(steps, {"steps": numbers})]

    def save(self, name, **vals):
        self._step(self.canvas, name).web_save(vals, {})

    def test_to_the_beginning_and_back_to_the_end(self):
        edits = (
            lambda: self.canvas.canvas_add("if", self.id("mail"), "next"),
            lambda: self.save("IF", rule_ids=[(0, 0, {"kind": "score", "score_value": 7})]),
            lambda: self.canvas.canvas_rename(self.id("IF"), "twice?"),
            lambda: self.canvas.canvas_add("goto", self.id("twice?"), "no"),
            lambda: self.save("Go to a step", goto_step_id=self.id("mail")),
            lambda: self.canvas.canvas_move(self.id("y"), self.id("ask"), "otherwise", False),
            lambda: self.canvas.canvas_paste(self.id("ask"), self.id("y"), "next", True),
            lambda: self.save("mail", email_subject="Hello again"),
            lambda: self.canvas.canvas_delete(self.id("ask"), False),
            lambda: self.canvas.canvas_delete(self.id("twice?"), False),
            lambda: self.canvas.canvas_duplicate(self.id("mail")),
            lambda: self.canvas.canvas_close(),
        )
        states = [self.content()]
        for edit in edits:
            edit()
            states.append(self.content())
        for number, state in enumerate(states[1:]):
            self.assertNotEqual(state, states[number], number)
        for _round in range(2):
            for state in reversed(states[:-1]):
                self.canvas.canvas_undo()
                self.assertEqual(self.content(), state)
            with self.assertRaisesRegex(UserError, "nothing to undo"):
                self.canvas.canvas_undo()
            self.assertFalse(self.canvas.canvas()["undo"]["undo"])
            for state in states[1:]:
                self.canvas.canvas_redo()
                self.assertEqual(self.content(), state)
            with self.assertRaisesRegex(UserError, "nothing to do again"):
                self.canvas.canvas_redo()

    def test_a_new_edit_forgets_what_was_taken_back(self):
        self.canvas.canvas_rename(self.id("mail"), "one")
        self.canvas.canvas_undo()
        self.assertIn("mail", self.canvas.canvas()["undo"]["redo"])
        picture = self.canvas.canvas_rename(self.id("mail"), "two")
        self.assertEqual(picture["undo"], {"undo": "Rename “mail”", "redo": False})

    def test_what_stays_keeps_its_id(self):
        ids = {name: self.id(name) for name in ("mail", "ask", "y")}
        self.canvas.canvas_move(ids["y"], ids["ask"], "otherwise", False)
        self.canvas.canvas_undo()
        self.assertEqual({name: self.id(name) for name in ids}, ids)

    def test_an_image_in_a_mail_that_comes_back_is_there(self):
        about = {"res_model": "marketing.scenario.step", "res_id": self.id("mail")}
        image = self.env["ir.attachment"].create({"name": "logo.png", "raw": b"x", **about})
        body = f'<p><img src="/web/image/{image.id}"/></p>'
        self.save("mail", email_body_html=body)
        self.canvas.canvas_delete(self.id("mail"), True)
        self.canvas.canvas_undo()
        self.assertIn(f"/web/image/{image.id}", self._step(self.scenario, "mail").email_body_html)
        self.assertTrue(image.with_user(self.colleague).exists().has_access("read"))

    def test_an_edit_that_changes_nothing_is_none(self):
        picture = self.canvas.canvas_rename(self.id("mail"), "mail")
        self.assertFalse(picture["undo"]["undo"])

    def test_nothing_of_others_is_taken_back(self):
        self.canvas.canvas_rename(self.id("mail"), "mine")
        theirs = self.scenario.with_user(self.colleague).with_context(marketing_undo_session="one")
        self.assertFalse(theirs.canvas()["undo"]["undo"], "a history belongs to one user")
        theirs.canvas_rename(self.id("ask"), "theirs")
        with self.assertRaisesRegex(UserError, "“Rename “mail”” cannot be taken back"):
            self.canvas.canvas_undo()
        self.canvas.canvas_rename(self.id("mine"), "mine again")
        self.canvas.canvas_undo()
        self.assertTrue(self.id("theirs"))
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            self.canvas.canvas_undo()

    def test_another_version_of_a_message_is_an_edit(self):
        variant = self.env["marketing.scenario.variant"].create({"step_id": self.id("mail"), "email_subject": "Hey"})
        before = self.content()
        own = variant.with_env(self.canvas.env)
        own.web_save({"email_subject": "Hello"}, {})
        self.assertEqual(variant.email_subject, "Hello")
        self.assertIn("mail", self.canvas.canvas()["undo"]["undo"])
        self.canvas.canvas_undo()
        self.assertEqual(self.content(), before)

    def test_what_others_built_on_an_addition_is_named(self):
        added = self.canvas.canvas_add("if", self.id("mail"), "next")["selected"]
        theirs = self.scenario.with_user(self.colleague)
        with patch.object(self.env.cr, "now", return_value=self.env.cr.now() + timedelta(minutes=1)):
            precious = theirs.canvas_add("tag", added, "no")["selected"]
            theirs.canvas_rename(precious, "Precious")
        with self.assertRaisesRegex(UserError, "Somebody else has added “Precious” meanwhile: “Add “IF””"):
            self.canvas.canvas_undo()
        self.assertTrue(self.id("Precious"))

    def test_another_window_has_its_own_history(self):
        self.canvas.canvas_rename(self.id("mail"), "mine")
        other = self.canvas.with_context(marketing_undo_session="two")
        self.assertFalse(other.canvas()["undo"]["undo"])
        self.assertFalse(self.canvas.with_context(marketing_undo_session=False).canvas()["undo"]["undo"])

    def test_a_draft_of_changes_keeps_what_its_steps_stand_for(self):
        self.scenario.action_activate()
        draft = self.env["marketing.scenario"].browse(self.scenario.action_edit()["res_id"])
        canvas = draft.with_user(self.manager).with_context(marketing_undo_session="one")
        refs = {step._ref() for step in draft.step_ids}
        before = draft._definition()
        canvas.canvas_delete(self._step(draft, "ask").id, False)
        canvas.canvas_undo()
        self.assertEqual({step._ref() for step in draft.step_ids}, refs)
        self.assertEqual(draft._definition(), before)
        self.assertFalse(draft._changes())
