"""Ids can be guessed: rows, arguments and links that belong to somebody else are of no use (class of fault)."""

from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .rights_table import METHODS, MODELS, ROLES
from .rights_world import arguments, make_world

GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "user": "marketing_scenario.group_scenario_user,base.group_partner_manager",
    "manager": "marketing_scenario.group_scenario_manager,base.group_partner_manager",
}
SECRET = "Xylograph"  # stands in the names of all rows that are somebody else's


@tagged("post_install", "-at_install")
class TestForeign(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: new_test_user(cls.env, f"foreign_{role}", groups=groups) for role, groups in GROUPS.items()}
        cls.seller = new_test_user(cls.env, "foreign_seller", groups="sales_team.group_sale_salesman")
        cls.second = cls.env["res.company"].create({"name": "Second company"})
        cls.manager2 = new_test_user(
            cls.env,
            "foreign_manager2",
            groups=GROUPS["manager"] + ",sales_team.group_sale_salesman_all_leads",
            company_id=cls.second.id,
            company_ids=[(6, 0, cls.second.ids)],
        )
        cls.theirs = make_world(cls.env, cls.env.company, cls.users["manager"], SECRET)
        cls.mine = make_world(cls.env, cls.second, cls.manager2, "Own")
        cls.lead = cls.theirs["marketing.scenario.enrollment"].lead_id
        for world in (cls.theirs, cls.mine):
            world["marketing.scenario"]._set_state("active")
        cls.env.flush_all()

    # -- links ----------------------------------------------------------------------------------------------------

    def test_no_row_can_be_made_to_point_at_what_its_writer_may_not_see(self):
        pointing = 0
        for record in self.mine.values():
            own = record.with_user(self.manager2)
            if not own.has_access("write"):
                continue
            for field in record._fields.values():
                target = self.theirs.get(field.comodel_name)
                if not field.store or field.type not in ("many2one", "many2many") or target is None:
                    continue
                if MODELS[target._name][-1] == "shared":
                    continue
                pointing += 1
                value = target.id if field.type == "many2one" else [(4, target.id)]
                with self.subTest(str(field)), self.assertRaises(UserError), self.env.cr.savepoint():
                    own.write({field.name: value})
                    self.env.flush_all()
        self.assertGreater(pointing, 15)

    def test_nobody_attaches_a_file_they_may_not_read(self):
        private = self.env["ir.attachment"].create({"name": SECRET, "raw": b"secret"})
        step = self.mine["marketing.scenario.step"].with_user(self.manager2)
        for field in self.env["marketing.scenario.step"]._fields.values():
            if field.type == "many2many" and field.comodel_name == "ir.attachment" and field.store:
                with self.subTest(field.name), self.assertRaises(AccessError), self.env.cr.savepoint():
                    step.write({field.name: [(4, private.id)]})

    # -- methods --------------------------------------------------------------------------------------------------

    def test_what_is_anybodys_to_call_tells_nothing_of_foreign_rows(self):
        people = {**self.users, "seller": self.seller, "manager2": self.manager2}
        called = 0
        for name, methods in METHODS.items():
            record = self.theirs.get(name, self.lead if name == "crm.lead" else self.lead.browse())
            for method, weakest in methods.items():
                if weakest != "anyone" or not record:
                    continue
                for role, user in people.items():
                    called += 1
                    with self.subTest(f"{name}.{method}", role=role), self.env.cr.savepoint():
                        self.env.invalidate_all()  # what is in memory is given to everybody
                        try:
                            answer = getattr(record.with_user(user), method)()
                        except UserError as error:
                            answer = error
                        if not self._sees(name, role):
                            self.assertNotIn(SECRET, str(answer))
        self.assertGreater(called, 30)

    def _sees(self, name, role):
        """Whether a role of the first company sees the rows, whose names are then no secret."""
        *rights, bound = MODELS.get(name, ("", "", "", "r", "person"))
        if bound == "shared" or role == "manager":
            return True
        return bound == "company" and role in ("user", "seller") and "r" in rights[ROLES.index("user")]

    def test_foreign_ids_as_arguments_change_nothing(self):
        scenario = self.mine["marketing.scenario"].with_user(self.manager2)
        step = self.mine["marketing.scenario.step"]
        ids = self.lead.ids
        self.assertEqual(scenario.enroll("crm.lead", ids), {"enrolled": [], "refused": {str(ids[0]): "no_access"}})
        self.assertEqual(scenario.take_out("crm.lead", ids)["refused"], {str(ids[0]): "no_access"})
        self.assertEqual(scenario.move("crm.lead", ids, step.id)["refused"], {str(ids[0]): "no_access"})
        own = self.mine["marketing.scenario.enrollment"]
        with self.assertRaises(UserError):
            scenario.move("crm.lead", own.lead_id.ids, self.theirs["marketing.scenario.step"].id)
        with self.assertRaises(UserError):
            own.with_user(self.manager2).move_to(self.theirs["marketing.scenario.step"])
        run = self.theirs["marketing.scenario.enrollment"]
        self.assertEqual((run.state, len(self.lead.marketing_enrollment_ids)), ("running", 1))
        with self.assertRaises(AccessError):
            self.theirs["marketing.scenario"].with_user(self.manager2).enroll("crm.lead", own.lead_id.ids)

    def _dialogs(self):
        """``{model: values that make it about foreign rows}``"""
        rows = {name: record.id for name, record in self.theirs.items()}
        scenario, step = rows["marketing.scenario"], rows["marketing.scenario.step"]
        about_step = {"step_id": step}
        return {
            "marketing.scenario.add.people": {"scenario_id": scenario, "kind": "lead", "domain": "[]"},
            "marketing.scenario.enroll": {
                "res_model": "crm.lead",
                "res_ids": self.lead.ids,
                "scenario_id": self.mine["marketing.scenario"].id,
            },
            "marketing.scenario.enrollment.act": {
                "enrollment_ids": [(6, 0, [rows["marketing.scenario.enrollment"]])],
                "mode": "reschedule",
                "moment": "2030-01-01",
            },
            "marketing.scenario.import": {"card": f"saved-{rows['marketing.gallery.scenario']}"},
            "marketing.scenario.mail.preview": {**about_step, "record_ref": f"crm.lead,{self.lead.id}"},
            "marketing.scenario.publish": {"draft_id": scenario},
            "marketing.scenario.recalculate": {"step_ids": [(6, 0, [step])]},
            "marketing.scenario.step.delete": {**about_step, "people": "out"},
            "marketing.scenario.step.replace": {**about_step, "step_type": "pause"},
        }

    def test_a_dialog_about_foreign_rows_does_nothing(self):
        dialogs = self._dialogs()
        own = {"marketing.scenario.health"}  # is about no row
        self.assertEqual(
            set(dialogs) | own, {name for name in METHODS if name in self.env and self.env[name].is_transient()}
        )
        run = self.theirs["marketing.scenario.enrollment"]
        before = self._state(run)
        for name, values in dialogs.items():
            for method in METHODS[name]:
                for user in (self.manager2, self.seller):
                    with self.subTest(f"{name}.{method}", user=user.login), self.env.cr.savepoint():
                        with suppress(UserError), self.env.cr.savepoint():
                            getattr(self.env[name].with_user(user).create(values), method)()
                        self.env.flush_all()
                        self.env.invalidate_all()
                        self.assertEqual(self._state(run), before)

    def _state(self, run):
        scenario = run.scenario_id
        return (
            run.read(["state", "step_id", "next_run_at", "scenario_id", "lead_id"]),
            scenario.state,
            scenario.step_ids.mapped(lambda step: (step.name, step.parent_id.id, step.outcome)),
            len(scenario.enrollment_ids),
            len(self.lead.marketing_enrollment_ids),
        )

    def test_who_may_call_a_method_is_not_refused(self):
        """The table is true in the other direction as well: it promises nobody what they are refused."""
        seers = {"user": self.users["user"], "manager": self.users["manager"]}
        self.lead.user_id = False
        sales = self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.users["user"].group_ids |= sales
        self.users["manager"].group_ids |= sales
        for name, methods in METHODS.items():
            record = self.theirs.get(name, self.lead if name == "crm.lead" else None)
            if record is None:
                continue
            for method, weakest in methods.items():
                role = {"anyone": "user", "manager of any company": "manager"}.get(weakest, weakest)
                if MODELS.get(name, ("r",) * len(ROLES))[ROLES.index(role)] == "":
                    continue
                args = arguments(self.theirs, method)
                with self.subTest(f"{name}.{method}", role=role), self.env.cr.savepoint() as kept:
                    try:
                        getattr(record.with_user(seers[role]), method)(*args)
                    except UserError as error:  # allowed, and told what is missing
                        self.assertNotIsInstance(error, AccessError)
                    finally:
                        kept.rollback()
                        self.env.invalidate_all()
