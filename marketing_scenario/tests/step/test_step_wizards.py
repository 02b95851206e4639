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

    def test_steps_of_one_name_are_told_apart_where_one_chooses(self):
        scenario = self._make_scenario(("if", {}, "Decide", {"yes": [("tag", {}, "Mark")]}))
        ends = scenario.step_ids.filtered(lambda step: step.step_type == "end")
        chosen = ends.with_context(marketing_place=True).mapped("display_name")
        self.assertEqual(sorted(chosen), ["End, after “Decide · No”", "End, after “Mark”"])
        self.assertEqual(ends.mapped("display_name"), ["End", "End"])
        self.assertEqual(self._step(scenario, "Mark").with_context(marketing_place=True).display_name, "Mark")

    def test_a_plain_user_builds_nothing(self):
        user = new_test_user(self.env, "plain", groups=USER)
        with self.assertRaises(AccessError):
            self.env["marketing.scenario.step.delete"].with_user(user).check_access("create")
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
