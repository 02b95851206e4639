import inspect
from contextlib import suppress
from pathlib import Path

from lxml import etree

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.channels.render import check_text
from .rights_table import EVALUATED, METHODS, MODELS, ROLES, in_document
from .rights_world import arguments, make_world

GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "user": "marketing_scenario.group_scenario_user",
    "manager": "marketing_scenario.group_scenario_manager",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ADDON = "odoo.addons.marketing_scenario."
# text that runs: what a field that holds it is called
EVALUATED_NAMES = ("domain", "filter", "expression", "code", "python")


HOSTILE_FILTERS = (
    "[('id', '>', 7**9)]",
    "[('id', '=', 1 << 99)]",
    "[('id', 'in', [1] * 10**9)]",
    "[('name', '=', 'a' * 10**9)]",
    "[('id', 'in', [n for n in (1, 2)])]",
    "[('id', '=', (lambda: 1)())]",
    "[('id', '=', (n := 1))]",
    "[('name', '=', f'{uid}')]",
    "[('id', '=', env.user.id)]",
    "[('id', '=', uid.__class__)]",
    "[('id', '=', context_today().__class__)]",
    "[('create_date', '<', datetime.datetime.now().replace(year=1))]",
    "[('create_date', '<', time.sleep(9))]",
    "[('create_date', '<', time.strftime('%999999999d'))]",
    "[('nothing', '=', 1)]",
    "[('id', '=', 'abc')]",
    "['&']",
    "__import__('os').system('true')",
    "open('/etc/passwd').read()",
    "[" * 300 + "]" * 300,
    "[" + "('id', '=', 1), " * 9000 + "]",
)
HOSTILE_TEXTS = {
    "inline": (
        "{{ object.env['res.users'].browse(2).login }}",
        "{{ object.sudo().user_id.login }}",
        "{{ object.write({'name': 'x'}) }}",
        "{{ object.name.__class__ }}",
        "{{ object.name or object.env }}",
        "{{ 7**9 }}",
        "{{ user.login }}",
        "{{ ctx }}",
    ),
    "qweb": (
        """<p><t t-out="object.env['res.users'].browse(2).login"/></p>""",
        """<p><t t-set="x" t-value="object.write({'name': 'x'})"/></p>""",
        """<p><t t-foreach="object.search([])" t-as="one"/></p>""",
        """<p t-att-title="object.sudo().user_id.login">x</p>""",
        """<p><a t-attf-href="https://example.com/{{ object.env }}">x</a></p>""",
        """<p><t t-if="object.unlink()">x</t></p>""",
        """<p><t t-out="object.name.__class__"/></p>""",
        """<p><t t-out="7**9"/></p>""",
    ),
}


@tagged("post_install", "-at_install")
class TestRights(TransactionCase):
    """The registry against the table: who may read, write, call and type what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: new_test_user(cls.env, f"rights_{role}", groups=groups) for role, groups in GROUPS.items()}
        cls.seller = new_test_user(cls.env, "rights_seller", groups="sales_team.group_sale_salesman")
        second = cls.env["res.company"].create({"name": "Second company"})
        cls.manager2 = new_test_user(
            cls.env,
            "rights_manager2",
            groups=GROUPS["manager"],
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        cls.world = make_world(cls.env, cls.env.company, cls.users["manager"])

    def _our_models(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module == "marketing_scenario" and not model._abstract
        )

    def _stored_models(self):
        return [name for name in self._our_models() if not self.env[name].is_transient()]

    def test_people_read_what_the_tests_compare(self):
        document = (Path(__file__).parents[2] / "readme" / "DEVELOP.md").read_text()
        self.assertEqual(document, in_document(document), "python3 dev rights")
        self.assertIn("| `marketing.scenario` | – | – | read | all |", document)

    # -- rows -----------------------------------------------------------------------------------------------------

    def test_every_model_says_who_may_do_what(self):
        found = {}
        for name in self._our_models():
            rights = [
                "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[name].with_user(self.users[role]).has_access(operation)
                )
                for role in ROLES
            ]
            found[name] = (*rights, MODELS.get(name, (None,))[-1])
        self.assertEqual(found, MODELS)

    def test_every_stored_model_has_a_row_here_to_try(self):
        self.assertEqual(sorted(self.world), self._stored_models())

    def test_the_border_of_the_company_holds(self):
        for name, record in self.world.items():
            border = MODELS[name][-1]
            mine = record.with_user(self.manager2)
            for operation in ("read", "write", "unlink"):
                allowed = border == "shared" and operation[0] in MODELS[name][ROLES.index("manager")]
                with self.subTest(name, operation=operation):
                    self.assertEqual(mine.has_access(operation), allowed)
            with self.subTest(name, operation="search"):
                self.assertEqual(
                    bool(mine.search([("id", "=", record.id)]) if mine.has_access("read") else mine.browse()),
                    border == "shared" and "r" in MODELS[name][ROLES.index("manager")],
                )

    def test_what_is_about_a_person_is_seen_by_those_who_see_the_person(self):
        for name, record in self.world.items():
            theirs = record.with_user(self.seller)
            rights = MODELS[name][ROLES.index("user")]
            for operation in ("read", "write", "unlink"):
                allowed = MODELS[name][-1] != "person" and operation[0] in rights
                with self.subTest(name, operation=operation):
                    self.assertEqual(theirs.has_access(operation), allowed)

    # -- methods --------------------------------------------------------------------------------------------------

    def _public_methods(self):
        """``{model: [methods a client may call that this addon defines]}``, beside those every model has."""
        found = {}
        for name, model in self.env.registry.items():
            if model._abstract and not name.startswith("marketing."):
                continue
            names = {
                method
                for base in type.mro(model)
                if base.__module__.startswith(ADDON)
                for method, function in vars(base).items()
                if inspect.isfunction(inspect.unwrap(function) if callable(function) else function)
                and not method.startswith("_")
                and not getattr(function, "_api_private", False)
                and not hasattr(models.BaseModel, method)
            }
            names = {method for method in names if not self._is_from_another_addon(model, method)}
            if names:
                found[name] = sorted(names)
        return found

    def _is_from_another_addon(self, model, method):
        """Whether it extends a method of Odoo's, which says itself who may call it."""
        return any(
            method in vars(base)
            and not base.__module__.startswith(ADDON)
            and base.__module__ != "odoo.orm.model_classes"
            for base in type.mro(model)
        )

    def test_every_public_method_says_who_may_call_it(self):
        found, told = (
            {f"{name}.{method}" for name, methods in table.items() for method in methods}
            for table in (self._public_methods(), METHODS)
        )
        self.assertEqual((found - told, told - found), (set(), set()))

    def test_no_public_method_helps_who_may_not_use_the_row(self):
        people = {**self.users, "seller": self.seller, "manager2": self.manager2}
        for name, methods in METHODS.items():
            if name not in self.world:
                continue
            for method, weakest in methods.items():
                if weakest == "anyone":
                    continue
                args = arguments(self.world, method)
                for role, user in people.items():
                    if self._may(name, weakest, role):
                        continue
                    with self.subTest(f"{name}.{method}", role=role), self.assertRaises(AccessError):
                        with self.env.cr.savepoint():
                            getattr(self.world[name].with_user(user), method)(*args)

    def _may(self, name, weakest, role):
        if weakest == "manager of any company":
            return role in ("manager", "manager2")
        if role == "manager2":
            return MODELS[name][-1] == "shared"
        if role == "seller":
            return MODELS[name][-1] != "person" and weakest == "user"
        return ROLES.index(role) >= ROLES.index(weakest)

    # -- fields that are evaluated --------------------------------------------------------------------------------

    def _evaluated_fields(self):
        found = {}
        for name in self._our_models():
            model = self.env[name]
            fields = {
                field
                for field, definition in model._fields.items()
                if definition.type in ("char", "text", "html")
                and any(part in field for part in EVALUATED_NAMES)
                and not definition.related
            }
            if hasattr(model, "_rendered_fields"):
                fields |= {field for field, language in model._rendered_fields().items() if language}
            for view in self.env["ir.ui.view"].search([("model", "=", name)]):
                fields |= {
                    node.get("name")
                    for node in etree.fromstring(view.arch).iter("field")
                    if node.get("widget") == "domain"
                }
            if fields:
                found[name] = sorted(fields)
        return found

    def test_every_evaluated_field_says_who_may_write_it(self):
        self.assertEqual(self._evaluated_fields(), {name: sorted(fields) for name, fields in EVALUATED.items()})

    def _manager_without_templates(self):
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").write({"implied_ids": [(3, editors.id)]})
        manager = self.users["manager"]
        manager.write({"group_ids": [(3, editors.id)]})
        self.world["marketing.scenario"].user_id = manager
        return manager

    def test_no_filter_takes_code(self):
        manager = self._manager_without_templates()
        rule = self.env["marketing.scenario.rule"].create(
            {"step_id": self.world["marketing.scenario.step"].id, "kind": "domain"}
        )
        scenario = self.world["marketing.scenario"]
        dialog = self.env["marketing.scenario.add.people"].with_user(manager)
        for name, fields in EVALUATED.items():
            for field in (field for field, how in fields.items() if how == "trial"):
                for code in HOSTILE_FILTERS:
                    with (
                        self.subTest(f"{name}.{field}", code=code[:40]),
                        mute_logger("odoo.sql_db"),
                        self.assertRaises(UserError),
                        self.env.cr.savepoint(),
                    ):
                        if name == dialog._name:
                            dialog.create({"scenario_id": scenario.id, "kind": "lead", field: code}).action_confirm()
                        else:
                            row = rule if name == rule._name else self.world[name]
                            row.with_user(manager).write({field: code})
        for code in HOSTILE_FILTERS:
            with (
                self.subTest("the filter of a forecast", code=code[:40]),
                mute_logger("odoo.sql_db"),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                scenario.with_user(manager).forecast("domain", "crm.lead", code)

    def test_no_text_takes_code_neither_written_nor_rendered(self):
        manager = self._manager_without_templates()
        languages = self.env["marketing.scenario.step"]._rendered_fields()
        for name, fields in EVALUATED.items():
            for field in (field for field, how in fields.items() if how == "text"):
                row = self.world[name].with_user(manager)
                for code in HOSTILE_TEXTS[languages[field]]:
                    with self.subTest(f"{name}.{field}", code=code[:40]):
                        with suppress(UserError), self.env.cr.savepoint():
                            row.write({field: code})
                        # what the sanitizer of Odoo took out is as good as refused
                        self.assertNotEqual(row[field], code)
        for language, codes in HOSTILE_TEXTS.items():
            for code in codes:
                for model in ("res.partner", "crm.lead"):
                    with self.subTest(language, code=code[:40], model=model), self.assertRaises(AccessError):
                        check_text(self.env, model, code, language)
