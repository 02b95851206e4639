"""Behind the message of an error, where in the program it happened, for the manager (S44, S37)."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ScenarioCase

ENGINE_LOG = "odoo.addons.marketing_scenario.models.engine.engine"


@tagged("post_install", "-at_install")
class TestStack(ScenarioCase):
    def failing(self, tries):
        scenario = self._make_scenario(("score", {"score_points": 1}, "points"))
        run = self._enroll(scenario, self.contact)

        def of_the_test(*_args, **_kwargs):
            raise ValueError("the mill is broken")

        steps = type(self.env["marketing.scenario.step"])
        with patch.object(steps, "_execute_score", of_the_test), mute_logger(ENGINE_LOG):
            for _try in range(tries):
                self.forward(days=2)
        run.invalidate_recordset()
        return run

    def test_the_error_keeps_where_it_happened(self):
        run = self.failing(tries=1)
        self.assertEqual((run.state, run.error_message), ("running", "the mill is broken"))
        self.assertIn("in of_the_test", run.error_stack)
        self.assertIn("ValueError: the mill is broken", run.error_stack)
        run = self.failing_again(run)
        self.assertEqual(run.state, "error")
        self.assertIn("in of_the_test", run.error_stack)

    def failing_again(self, run):
        def of_the_test(*_args, **_kwargs):
            raise ValueError("the mill is broken")

        steps = type(self.env["marketing.scenario.step"])
        with patch.object(steps, "_execute_score", of_the_test), mute_logger(ENGINE_LOG):
            for _try in range(6):
                self.forward(days=2)
        run.invalidate_recordset()
        return run

    def test_it_goes_when_the_step_is_done(self):
        run = self.failing(tries=1)
        self.forward(days=2)
        self.assertEqual((run.state, run.error_stack), ("done", False))

    def test_only_managers_read_it(self):
        run = self.failing(tries=1)
        user = new_test_user(self.env, "reads_stack", groups="sales_team.group_sale_salesman_all_leads")
        user.group_ids |= self.env.ref("marketing_scenario.group_scenario_user")
        manager = new_test_user(
            self.env,
            "reads_all",
            groups="sales_team.group_sale_salesman_all_leads,marketing_scenario.group_scenario_manager",
        )
        self.assertIn("of_the_test", run.with_user(manager).error_stack)
        self.assertEqual(run.with_user(user).error_message, "the mill is broken")
        with self.assertRaises(AccessError):
            run.with_user(user).read(["error_stack"])

    def test_erasing_the_person_erases_it(self):
        run = self.failing(tries=1)
        self.contact.action_marketing_erase()
        run.invalidate_recordset()
        self.assertFalse(run.error_stack or run.error_message)
