"""Each edit of the canvas is one request; what cannot be says why (S25, S28, S38)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
DAY = {"pause_days": 1}
MANAGER = "marketing_scenario.group_scenario_manager"
SCORE = {"rule_ids": [(0, 0, {"kind": "score", "score_operator": ">=", "score_value": 3})]}


@tagged("post_install", "-at_install")
class TestCanvasEdit(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.manager = new_test_user(cls.env, "canvas_manager", groups=MANAGER)

    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("email", MAIL, "mail"),
            ("if", SCORE, "ask", {"yes": [("pause", DAY, "y")], "no": [("pause", {"pause_days": 2}, "n")]}),
            active=False,
        ).with_user(self.manager)

    def id(self, name, scenario=None):
        return self._step(scenario or self.scenario, name).ensure_one().id

    def tree(self, picture):
        """``["parent.outcome → step"]`` in reading order, the Start left out."""
        names = {step["id"]: step["name"] for step in picture["steps"]}
        return [
            f"{names[step['parent']]}.{step['outcome']} → {step['name']}" for step in picture["steps"] if step["parent"]
        ]

    def test_a_step_is_added_between_and_behind(self):
        picture = self.scenario.canvas_add("pause", self.id("mail"), "next")
        new = next(step for step in picture["steps"] if step["id"] == picture["selected"])
        self.assertEqual((new["name"], new["parent"]), ("Pause", self.id("mail")))
        self.assertEqual(picture["lacks"], "pause_days", "there one goes on")
        self.assertEqual(self.tree(picture)[1:3], ["mail.next → Pause", "Pause.next → ask"])
        picture = self.scenario.canvas_add("if", self.id("n"), "next")
        self.assertEqual(
            self.tree(picture)[-2:], ["n.next → IF", "IF.yes → End"], "what stood there takes the first way"
        )
        with self.assertRaisesRegex(UserError, "“End” ends its branch: it cannot stand before “Pause”"):
            self.scenario.canvas_add("end", self.id("mail"), "next")
        with self.assertRaisesRegex(UserError, "no such type"):
            self.scenario.canvas_add("start", self.id("mail"), "next")
        with self.assertRaisesRegex(UserError, "Choose one of"):
            self.scenario.canvas_add("pause", self.id("mail"), "yes")

    def test_what_somebody_else_did_meanwhile_is_not_overwritten(self):
        wait = self.id("y")
        self.scenario.canvas_rename(wait, "first", "y")
        with self.assertRaisesRegex(UserError, "Label: now “first”, yours “second”"):
            self.scenario.canvas_rename(wait, "second", "y")
        self.scenario.canvas_rename(wait, "second", "first")
        here = [self.id("ask"), "yes"]
        self.scenario.canvas_move(wait, self.id("mail"), "next", True, here)
        with self.assertRaisesRegex(UserError, "“second” was moved by somebody else: it comes after “mail” now"):
            self.scenario.canvas_move(wait, self.id("n"), "next", True, here)
        self.scenario.canvas_move(wait, self.id("n"), "next", True, [self.id("mail"), "next"])
        self.assertEqual(self._step(self.scenario, "second").parent_id.name, "n")

    def test_what_somebody_else_has_added_is_not_deleted_unseen(self):
        colleague = self.scenario.with_user(new_test_user(self.env, "canvas_colleague", groups=MANAGER))
        ask, seen = self.id("ask"), (self._step(self.scenario, "ask")._with_descendants()).ids
        added = colleague.canvas_add("tag", self.id("y"), "next")["selected"]
        colleague.canvas_rename(added, "Precious")
        with self.assertRaisesRegex(UserError, "Somebody else has put “Precious” after “ask” meanwhile"):
            self.scenario.canvas_delete(ask, False, seen)
        tag = self.env["marketing.scenario.step"].browse(added)
        self.assertTrue(tag.exists())
        picture = self.scenario.canvas_delete(self.id("y"), True, [])
        self.assertIn("ask.yes → Precious", self.tree(picture), "what closes up is not lost")
        self.scenario.canvas_delete(ask, False, [*seen, added])
        self.assertFalse(tag.exists())

    def test_a_dialog_deletes_what_it_has_shown(self):
        colleague = self.scenario.with_user(new_test_user(self.env, "canvas_colleague", groups=MANAGER))
        ask = self._step(self.scenario, "ask")
        delete = self.env["marketing.scenario.step.delete"].create({"step_id": ask.id})
        replace = self.env["marketing.scenario.step.replace"].create({"step_id": ask.id, "step_type": "goto"})
        added = colleague.canvas_add("tag", self.id("n"), "next")["selected"]
        for dialog, button in ((delete, "action_delete"), (replace, "action_replace")):
            with self.subTest(button), self.assertRaisesRegex(UserError, "“Tag” after “ask”"):
                getattr(dialog, button)()
        self.assertTrue(ask.browse(added).exists())

    def test_an_end_gives_way_to_what_closes_a_branch(self):
        picture = self.scenario.canvas_add("goto", self.id("n"), "next")
        self.assertEqual(self.tree(picture)[-1], "n.next → Go to a step")

    def test_a_branch_moves_and_takes_the_place_of_an_end(self):
        picture = self.scenario.canvas_move(self.id("y"), self.id("n"), "next", False)
        self.assertEqual(
            self.tree(picture),
            ["Start.next → mail", "mail.next → ask", "ask.no → n", "n.next → y", "y.next → End"],
        )
        self.assertEqual(picture["selected"], self.id("y"))
        picture = self.scenario.canvas_move(self.id("mail"), self.id("n"), "next", True)
        self.assertEqual(self.tree(picture)[0], "Start.next → ask", "what followed closed up")
        self.assertIn("mail.next → y", self.tree(picture))

    def test_impossible_moves_say_why(self):
        start = self.scenario.start_step_id.id
        for args, why in (
            ((self.id("mail"), self.id("y"), "next", False), "cannot come after itself"),
            ((self.id("y"), self.id("mail"), "next", False), "“ask” stands there already"),
            ((self.id("ask"), start, "next", True), "several branches"),
            ((start, self.id("y"), "next", True), "Start step cannot be moved"),
            ((self.id("y"), 0, "next", True), "deleted meanwhile"),
        ):
            with self.subTest(why), self.assertRaisesRegex(UserError, why), self.env.cr.savepoint():
                self.scenario.canvas_move(*args)

    def test_deleting_closes_up_or_takes_the_branch(self):
        picture = self.scenario.canvas_delete(self.id("mail"), True)
        self.assertEqual(self.tree(picture)[0], "Start.next → ask")
        self.assertEqual(picture["selected"], self.id("ask"))
        picture = self.scenario.canvas_delete(self.id("ask"), False)
        self.assertEqual(self.tree(picture), [])
        self.assertEqual(picture["selected"], self.scenario.start_step_id.id)
        picture = self.scenario.canvas_close()
        self.assertEqual(self.tree(picture), ["Start.next → End"])

    def test_who_stands_there_is_asked_about(self):
        self.scenario.sudo().action_activate()
        run = self._enroll(self.scenario.sudo(), self.contact)
        run.move_to(self._step(self.scenario.sudo(), "y"))
        self.run_due()
        self.scenario.action_deactivate()
        answer = self.scenario.with_context(marketing_undo_session="x").canvas_delete(self.id("y"), True)
        question = answer["question"]
        self.assertEqual(question["context"]["default_step_id"], self.id("y"))
        self.assertEqual(question["views"], [(False, "form")], "the browser asks nobody else for it")
        wizard = self.env[question["res_model"]].with_context(**question["context"]).create({"people": "out"})
        self.assertEqual((wizard.extent, wizard.people_count), ("alone", 1))
        wizard.action_delete()
        self.assertEqual((run.state, run.end_reason), ("stopped", "by_hand"))
        undo = self.scenario.with_user(self.env.user).with_context(marketing_undo_session="x")
        self.assertIn("“y”", undo.canvas()["undo"]["undo"])

    def test_a_label_is_changed_in_place(self):
        picture = self.scenario.canvas_rename(self.id("mail"), "  Welcome ")
        self.assertIn("Start.next → Welcome", self.tree(picture))
        with self.assertRaisesRegex(UserError, "needs a label"):
            self.scenario.canvas_rename(self.id("Welcome"), " ")

    def test_a_copy_comes_right_after_its_original(self):
        picture = self.scenario.canvas_duplicate(self.id("mail"))
        self.assertEqual(self.tree(picture)[:3], ["Start.next → mail", "mail.next → mail", "mail.next → ask"])
        copied = self.env["marketing.scenario.step"].browse(picture["selected"])
        self.assertEqual(copied.email_subject, "Hi")
        with self.assertRaisesRegex(UserError, "one beginning"):
            self.scenario.canvas_duplicate(self.scenario.start_step_id.id)
        end = self.scenario.step_ids.filtered(lambda step: step._describe().get("edge") == "end")[0]
        with self.assertRaisesRegex(UserError, "paste it elsewhere"):
            self.scenario.canvas_duplicate(end.id)

    def test_a_branch_is_pasted_into_another_scenario_without_its_ties(self):
        back = self.scenario.canvas_add("goto", self.id("n"), "next")["selected"]
        asked = [(0, 0, {"kind": "email_status", "email_step_id": self.id("mail")})]
        self._step(self.scenario, "ask").rule_ids = asked
        goto = self.env["marketing.scenario.step"].browse(back)
        goto.goto_step_id = self.id("mail")
        other = self._make_scenario(("pause", DAY, "wait"), active=False, name="Other").with_user(self.manager)
        picture = other.canvas_paste(self.id("ask"), self.id("wait", other), "next", True)
        self.assertEqual(
            self.tree(picture),
            [
                "Start.next → wait",
                "wait.next → ask",
                "ask.yes → y",
                "y.next → End",
                "ask.no → n",
                "n.next → Go to a step",
            ],
        )
        copied = self.env["marketing.scenario.step"].browse(picture["selected"])
        self.assertEqual(copied.rule_ids.mapped("kind"), ["score", "email_status"])
        self.assertFalse(copied.rule_ids.email_step_id, "the mail is in the other scenario")
        self.assertFalse(other.step_ids.goto_step_id)
        # in its own tree the ties stay, and what is tied within the branch goes along
        picture = self.scenario.canvas_paste(self.id("mail"), self.id("y"), "next", True)
        copies = self.scenario.step_ids.filtered(lambda step: step.name == "mail" and step.id != self.id_first("mail"))
        self.assertEqual(picture["selected"], copies.id)
        jumps = self.scenario.step_ids.filtered("goto_step_id")
        self.assertEqual(jumps.goto_step_id, copies | goto.goto_step_id)

    def id_first(self, name):
        return self._step(self.scenario, name).sorted("id")[0].id

    def test_pasting_needs_the_right_to_read_the_source(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self._make_scenario(("pause", DAY, "wait"), active=False, company_id=company.id)
        with self.assertRaises(AccessError):
            self.scenario.canvas_paste(self.id("wait", foreign), self.id("y"), "next", False)

    def test_an_active_scenario_is_locked(self):
        self.scenario.sudo().action_activate()
        mail = self.id("mail")
        for method, args in self.edits(mail).items():
            with self.subTest(method), self.assertRaisesRegex(UserError, "active"):
                getattr(self.scenario, method)(*args)

    def test_only_who_may_write_edits(self):
        user = new_test_user(self.env, "canvas_reader", groups="marketing_scenario.group_scenario_user")
        for method, args in self.edits(self.id("mail")).items():
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(self.scenario.with_user(user), method)(*args)

    def edits(self, step):
        return {
            "canvas_add": ("pause", step, "next"),
            "canvas_rename": (step, "x"),
            "canvas_move": (step, step, "next", True),
            "canvas_delete": (step, True),
            "canvas_duplicate": (step,),
            "canvas_paste": (step, step, "next", False),
            "canvas_close": (),
            "canvas_undo": (),
            "canvas_redo": (),
        }
