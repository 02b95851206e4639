"""A step type or rule kind is whole: its methods, its view, its test, and facts the editor can rely on (S38)."""

import importlib
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from ..common import ScenarioCase

ADDON = Path(__file__).parents[2]
FAMILIES = {"message", "pause", "condition", "edge", "action", "redirection"}
CHANNELS = {"email", "sms", "phone"}
CORE = {"scenario_id"}
PLANNED = (
    "start email one_to_one sms document pause if switch scenario goto activity tag score phoning set_field"
    " server_action webhook end"
).split()
# where a test file of the same name does not exist, the one that covers the type
RULES_TESTED_IN = {"account_status": "target.test_account_status"}


def _test_module(name, elsewhere, room, prefix):
    """The test module of a type, imported: its own file, else the one named in the table."""
    own = ADDON / "tests" / room / f"{prefix}{name}.py"
    module = f"{room}.{prefix}{name}" if own.exists() else elsewhere.get(name)
    return module and importlib.import_module(f"odoo.addons.marketing_scenario.tests.{module}")


@tagged("post_install", "-at_install")
class TestStepContract(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steps = cls.env["marketing.scenario.step"]
        cls.types = dict(cls.steps._fields["step_type"]._description_selection(cls.env))
        cls.rules = cls.env["marketing.scenario.rule"]
        cls.kinds = dict(cls.rules._fields["kind"]._description_selection(cls.env))

    def _new_step(self, step_type):
        scenario = self.env["marketing.scenario"].create({"name": step_type})
        if step_type == "start":
            return scenario.start_step_id
        vals = {
            "scenario_id": scenario.id,
            "parent_id": scenario.start_step_id.id,
            "step_type": step_type,
            "name": "One",
        }
        return self.steps.create(vals)

    def test_all_planned_types_exist(self):
        self.assertFalse(set(PLANNED) - set(self.types))

    def test_three_methods(self):
        for name in self.types:
            with self.subTest(name):
                for method in ("_describe", "_validate", "_execute"):
                    self.assertTrue(callable(getattr(self.steps, f"{method}_{name}", None)), f"{method}_{name}")

    def test_facts(self):
        for name in self.types:
            with self.subTest(name):
                step = self._new_step(name)
                for facts in (self.steps._describe(name), step._describe()):
                    self.assertNotIn("label", facts, "said once, in the selection")
                    self.assertIn(facts["family"], FAMILIES)
                    self.assertRegex(facts["icon"], r"^fa-[a-z0-9-]+$")
                    self.assertIn(facts.get("channel"), CHANNELS | {None})
                    self.assertIsInstance(facts.get("summary", ""), str)
                    codes = [code for code, label in facts["outcomes"] if label or code.startswith("case_")]
                    self.assertEqual(len(codes), len(set(codes)))
                    self.assertEqual(len(codes), len(facts["outcomes"]))
                    self.assertTrue(all(code.replace("_", "").isalnum() and len(code) < 30 for code in codes))
                self.assertIsInstance(step.summary or "", str)

    def test_a_new_step_can_be_checked(self):
        for name in self.types:
            with self.subTest(name):
                for issue in self._new_step(name)._validate():
                    self.assertEqual(
                        set(issue), {"step_id", "step_name", "level", "code", "message", "field", "remedy"}
                    )
                    self.assertIn(issue["level"], ("error", "warning"))
                    self.assertRegex(issue["code"], r"^[a-z][a-z0-9_]+$")
                    self.assertTrue(issue["message"].endswith((".", "”", ")")), issue["message"])

    def test_a_form_of_its_own(self):
        for name in self.types:
            with self.subTest(name):
                self.assertTrue((ADDON / "views" / "steps" / f"{name}_views.xml").exists())
                action = self._new_step(name).action_configure()
                arch = self.steps.get_view(action["view_id"], "form")["arch"]
                self.assertIn('name="name"', arch)
                others = [f"{other}_" for other in self.types if other != name and not name.startswith(other)]
                shown = set(etree.fromstring(arch).xpath("//field[not(ancestor::field)]/@name"))
                own_prefix = {field for field in shown if field.startswith(f"{name}_")}
                foreign = {
                    field for field in shown - own_prefix - CORE for prefix in others if field.startswith(prefix)
                }
                self.assertFalse(foreign, "only its own settings")

    def test_a_test_of_its_own(self):
        for name in self.types:
            with self.subTest(name):
                self.assertTrue(_test_module(name, {}, "steps", "test_step_"), f"tests/steps/test_step_{name}.py")

    def test_the_group_is_decided_once(self):
        """A type that forgets an enrollment, or decides twice, is parked by the engine; ours never are."""
        for name in self.types:
            with self.subTest(name):
                step = self._new_step(name)
                scenario = step.scenario_id
                scenario.action_add_missing_ends()
                scenario._set_state("active")
                person = self._make_contact(f"For {name}", f"{name}@example.com", phone="+33612345678")
                enrollment = scenario._enroll(person, "hand")[0]
                self.run_due()
                self.assertNotIn("did not decide", enrollment.error_message or "")


@tagged("post_install", "-at_install")
class TestRuleContract(TestStepContract):
    def _new_rule(self, kind):
        step = self._new_step("if")
        return self.rules.create({"step_id": step.id, "kind": kind})

    def test_methods(self):
        for kind in self.kinds:
            with self.subTest(kind):
                for method in ("_describe", "_match"):
                    self.assertTrue(callable(getattr(self.rules, f"{method}_{kind}", None)), f"{method}_{kind}")

    def test_facts(self):
        for kind in self.kinds:
            with self.subTest(kind):
                rule = self._new_rule(kind)
                facts = rule._describe()
                self.assertNotIn("label", facts, "said once, in the selection")
                self.assertRegex(facts["icon"], r"^fa-[a-z0-9-]+$")
                self.assertIsInstance(facts["summary"], str)
                self.assertTrue(all(isinstance(event, str) for event in facts.get("events", ())))

    def test_an_empty_rule_can_be_checked_and_asked(self):
        for kind in self.kinds:
            with self.subTest(kind):
                rule = self._new_rule(kind)
                self.assertTrue(all(isinstance(message, str) for message in rule._validate()))
                nobody = self.env["marketing.scenario.enrollment"]
                self.assertEqual(rule._match(nobody), nobody)
                scenario = rule.scenario_id
                scenario._set_state("active")
                enrollments = scenario._enroll(self.contact, "hand")[0] + scenario._enroll(self._make_lead(), "hand")[0]
                self.assertLessEqual(rule._match(enrollments), enrollments)

    def test_a_form_of_its_own(self):
        arch = self.rules.get_view(view_type="form")["arch"]
        for kind in self.kinds:
            with self.subTest(kind):
                self.assertTrue((ADDON / "views" / "rules" / f"{kind}_views.xml").exists())
                self.assertIn(f"kind != '{kind}'", arch)

    def test_a_test_of_its_own(self):
        for kind in self.kinds:
            with self.subTest(kind):
                self.assertTrue(
                    _test_module(kind, RULES_TESTED_IN, "rules", "test_rule_"), f"tests/rules/test_rule_{kind}.py"
                )

    # the checks of step types are not repeated
    test_all_planned_types_exist = test_three_methods = test_a_new_step_can_be_checked = None
    test_the_group_is_decided_once = None
