"""What programs meet that call public methods over Odoo's external API (S16)."""

import ast
import inspect
import textwrap
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..automatism_common import AutomatismCase


def answers_nothing(method):
    """Whether a method can end without a value."""
    function = ast.parse(textwrap.dedent(inspect.getsource(method))).body[0]
    returns = [node for node in ast.walk(function) if isinstance(node, ast.Return)]
    empty = [node for node in returns if node.value is None or ast.unparse(node.value) == "None"]
    compound = (ast.Return, ast.Raise, ast.If, ast.With, ast.Try, ast.For)
    return not returns or bool(empty) or not isinstance(function.body[-1], compound)


@tagged("post_install", "-at_install")
class TestRpc(AutomatismCase, HttpCase):
    def test_one_scenario_at_a_time_is_said(self):
        several = self.scenario + self._make_scenario(name="Second")
        for scenarios in (several, several.browse()):
            for call in (
                lambda s: s.enroll("res.partner", self.contact.ids),
                lambda s: s.take_out("res.partner", self.contact.ids),
                lambda s: s.move("res.partner", self.contact.ids, 1),
            ):
                with self.assertRaisesRegex(UserError, "one scenario at a time"):
                    call(scenarios)

    def test_arguments_of_every_kind_are_told_what_is_expected(self):
        scenario, score = self.scenario, self.env["marketing.scenario"].set_qualification_score
        ids = (None, "1", 7, {}, [None], ["1"], [True], [1.5], [[1]])
        calls = [
            (method, ("res.partner", wrong, *more))
            for wrong in ids
            for method, more in ((scenario.enroll, ()), (scenario.take_out, ()), (scenario.move, (1,)))
        ]
        calls += [(scenario.enroll, (model, self.contact.ids)) for model in (None, 1, "res.users", ["crm.lead"], {})]
        calls += [(scenario.move, ("res.partner", [], step)) for step in (None, "1", 0, -1, 10**40, [1], {}, True)]
        calls += [(scenario.simulate, ("res.partner", wrong)) for wrong in (None, "1", -1, 10**40, [1], {})]
        calls += [(scenario.simulate, ("res.partner", 0, wrong)) for wrong in ("x", [1], [{}], [{"do": "x"}], [None])]
        calls += [(score, (wrong,)) for wrong in (None, "5", 0, -1, 1.5, True, 10**40, [5])]
        for number in (-1, 2**31, 10**40):
            refused = {str(number): "target_deleted"}
            self.assertEqual(scenario.enroll("res.partner", [number]), {"enrolled": [], "refused": refused})
            self.assertEqual(scenario.take_out("res.partner", [number]), {"taken_out": [], "refused": refused})
        for method, arguments in calls:
            with self.subTest(method.__name__, arguments=str(arguments)[:60]), self.assertRaises(UserError):
                method(*arguments)

    def test_true_is_not_the_step_with_the_id_1(self):
        first = patch.object(type(self.scenario), "step_ids", self.env["marketing.scenario.step"].browse(1))
        with first, self.assertRaisesRegex(UserError, "step_id: True"):
            self.scenario.move("res.partner", self.contact.ids, True)

    def test_every_public_method_answers_a_value(self):
        """XML-RPC knows no None: the caller would see a fault after the work is committed."""
        silent = set()
        for name, model in self.env.registry.models.items():
            for base in model.mro():
                if not base.__module__.startswith("odoo.addons.marketing_scenario."):
                    continue
                for key, value in vars(base).items():
                    public = inspect.isfunction(value) and not key.startswith("_")
                    if public and not getattr(value, "_api_private", False) and answers_nothing(value):
                        silent.add(f"{name}.{key}")
        self.assertFalse(silent)

    def test_delete_dialog_by_its_step_alone(self):
        wizard = self.env["marketing.scenario.step.delete"].create({"step_id": self.scenario.step_ids[-1].id})
        self.assertIn(wizard.extent, ("alone", "branch"))

    def test_xmlrpc_gets_an_answer_from_buttons(self):
        sender = self.env["marketing.sender"].create({"name": "Ann", "email": "ann@example.com"})
        self.env.flush_all()
        done = self.xmlrpc_object.execute_kw(
            self.env.cr.dbname,
            self.env.ref("base.user_admin").id,
            "admin",
            "marketing.sender",
            "action_send_confirmation",
            [sender.ids],
        )
        self.assertTrue(done)
