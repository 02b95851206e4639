from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import ScenarioCase

USER = "base.group_user,marketing_scenario.group_scenario_user"


@tagged("post_install", "-at_install")
class TestStepWizards(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "first"), ("pause", {"pause_days": 2}, "second"), active=False
        )

    def _wizard(self, kind, step, **values):
        model = self.env[f"marketing.scenario.step.{kind}"].with_context(default_step_id=step.id)
        form = Form(model)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _line(self):
        steps, step = [], self.scenario.start_step_id
        while step:
            steps.append(step.name)
            step = step.child_ids[:1]
        return steps

    def test_add_inserts_and_opens_the_settings(self):
        first = self._step(self.scenario, "first")
        wizard = self._wizard("add", first, step_type="pause", name="between")
        self.assertEqual(wizard.outcome_choices, [{"value": "next", "label": "Next", "hint": "before “second”"}])
        action = wizard.action_add()
        self.assertEqual(action["params"], {"step_id": self._step(self.scenario, "between").id})
        self.assertEqual(self._line(), ["Start", "first", "between", "second", "End"])

    def test_add_names_the_step_after_its_type(self):
        wizard = self._wizard("add", self._step(self.scenario, "first"), step_type="if")
        self.assertEqual(wizard.name, "IF")

    def test_add_refuses_what_cannot_stand_there(self):
        first = self._step(self.scenario, "first")
        with self.assertRaisesRegex(UserError, "ends its branch"):
            self._wizard("add", first, step_type="end").action_add()
        with self.assertRaisesRegex(UserError, "type of the step"):
            self._wizard("add", first).action_add()
        with self.assertRaisesRegex(UserError, "nothing can follow"):
            self._step(self.scenario, "End").action_add_after()

    def test_add_button_of_the_scenario_stays_before_the_end(self):
        action = self.scenario.action_add_step()
        self.assertEqual(action["context"]["default_step_id"], self._step(self.scenario, "second").id)

    def test_move_one_step_behind_its_follower(self):
        first, second = self._step(self.scenario, "first"), self._step(self.scenario, "second")
        self._wizard("move", first, parent_id=second).action_move()
        self.assertEqual(self._line(), ["Start", "second", "first", "End"])
        self.assertEqual(self.scenario.step_ids.sorted("position").mapped("name"), self._line())

    def test_move_a_branch_replaces_an_end(self):
        self._wizard("add", self._step(self.scenario, "second"), step_type="if", name="if").action_add()
        choice = self._step(self.scenario, "if")
        self.assertEqual(choice.child_ids.name, "End", "what stood there hangs on the first way")
        self.scenario.action_add_missing_ends()
        tail = choice.child_ids.filtered(lambda step: step.outcome == "no")
        self._wizard("add", choice, step_type="pause", name="in no", outcome="no").action_add()
        moved = self._step(self.scenario, "in no")
        self._wizard("move", moved, extent="branch", parent_id=choice, outcome="yes").action_move()
        self.assertEqual((moved.outcome, moved.child_ids), ("yes", tail))

    def test_move_refuses_below_itself_and_the_start(self):
        first, second = self._step(self.scenario, "first"), self._step(self.scenario, "second")
        with self.assertRaisesRegex(UserError, "cannot come after itself"):
            first._move_to(second, "next")
        with self.assertRaisesRegex(UserError, "cannot be moved"):
            self.scenario.start_step_id.action_move()
        with self.assertRaisesRegex(UserError, "stands there already"):
            second._move_to(self.scenario.start_step_id, "next")

    def test_delete_one_step_closes_up_and_people_go_on(self):
        self.scenario._set_state("active")
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        first = self._step(self.scenario, "first")
        wizard = self._wizard("delete", first)
        self.assertEqual((wizard.step_count, wizard.people_count, wizard.people), (1, 1, "next"))
        wizard.action_delete()
        self.assertEqual(self._line(), ["Start", "second", "End"])
        self.assertEqual(enrollment.step_id.name, "second")
        self.run_due()
        self.assertEqual(enrollment.state, "running")

    def test_delete_a_branch_says_how_many_and_where_people_go(self):
        self.scenario._set_state("active")
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        first = self._step(self.scenario, "first")
        wizard = self._wizard("delete", first, extent="branch")
        self.assertEqual((wizard.step_count, wizard.people_count), (3, 1))
        with self.assertRaisesRegex(UserError, "Choose the step"):
            wizard.action_delete()
        wizard.people = "out"
        wizard.action_delete()
        self.assertEqual(self._line(), ["Start", "End"], "an active scenario keeps an End on each branch")
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "by_hand"))

    def test_a_plain_user_builds_nothing(self):
        user = new_test_user(self.env, "plain", groups=USER)
        for model in ("step.add", "step.move", "step.delete"):
            with self.assertRaises(AccessError):
                self.env[f"marketing.scenario.{model}"].with_user(user).check_access("create")
        self.assertEqual(self.scenario.with_user(user).qualification_score()["editable"], False)
        with self.assertRaises(AccessError):
            self.scenario.with_user(user).set_qualification_score(5)
        with self.assertRaisesRegex(UserError, "whole number"):
            self.scenario.set_qualification_score(0)

    def test_delete_question_names_steps_and_people(self):
        self.scenario._set_state("active")
        self._enroll(self.scenario, self.contact)
        with self.assertRaisesRegex(UserError, "Deactivate"):
            self.scenario.delete_question()
        self.scenario.action_deactivate()
        question = self.scenario.delete_question()
        self.assertIn("4 steps", question)
        self.assertIn("1 people", question)
