from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestAutomatismDoors(AutomatismCase):
    """Rights on automatisms, the server action, the calls of the external API; real users, two companies (S16, S48)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.salesman = cls._make_user("sales_door", "sales_team.group_sale_salesman")
        cls.manager = cls._make_user("manager_door", "marketing_scenario.group_scenario_manager")
        cls.mine = cls._make_lead("Mine", user_id=cls.salesman.id)
        cls.theirs = cls._make_lead("Theirs", user_id=cls.manager.id)

    @classmethod
    def _make_user(cls, login, group, company=None):
        company = company or cls.env.company
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "company_id": company.id,
                "company_ids": company.ids,
                "group_ids": [(6, 0, cls.env.ref(group).ids)],
            }
        )

    def test_managers_write_users_read(self):
        automatism = self._make_automatism("tag_added", company_id=self.env.company.id)
        self.assertTrue(automatism.with_user(self.salesman).sentence)
        with self.assertRaises(AccessError):
            automatism.with_user(self.salesman).active = False
        with self.assertRaises(AccessError):
            self.env["marketing.automatism"].with_user(self.salesman).create({"name": "x", "event_type": "tag_added"})
        automatism.with_user(self.manager).write({"active": False, "domain_lead": "[('type', '=', 'lead')]"})
        self.assertTrue(automatism.with_user(self.manager).action_test()["res_id"])
        automatism.with_user(self.manager).unlink()

    def test_filter_on_a_field_the_manager_may_not_read(self):
        automatism = self._make_automatism("tag_added", company_id=self.env.company.id).with_user(self.manager)
        with self.assertRaises(AccessError):
            automatism.domain_partner = "[('signup_type', '=', 'x')]"

    def test_automatism_of_another_company_is_not_seen(self):
        automatism = self._make_automatism("tag_added", company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            automatism.with_user(self.manager).name = "x"
        self.contact.company_id = self.env.company
        self.contact.category_id = self.tag
        self.process()
        self.assertEqual(automatism.fired_count, 0)

    def test_it_changes_only_what_its_maker_could_change_by_hand(self):
        stranger = self._make_user("stranger_maker", "marketing_scenario.group_scenario_manager", self.other_company)
        here, there = (
            self._make_lead(company.name, partner_id=self.contact.id, company_id=company.id, user_id=False)
            for company in (self.env.company, self.other_company)
        )
        automatism = (
            self.env["marketing.automatism"]
            .with_user(stranger)
            .create(
                {
                    "name": "Everything to me",
                    "event_type": "tag_added",
                    "company_id": False,
                    "action_ids": [(0, 0, {"kind": "assign", "apply_to": "leads", "assign_user_id": stranger.id})],
                }
            )
        )
        self.contact.category_id = self.tag
        self.process()
        self.assertEqual((there.user_id, here.user_id), (stranger, self.env["res.users"]))
        noted = automatism.sudo().log_ids.filtered(lambda row: row.reason == "no_right")
        self.assertEqual((noted.res_model, noted.res_id, noted.outcome), ("crm.lead", here.id, "blocked"))

    def test_who_changes_the_actions_lends_their_own_rights(self):
        shared = self._make_automatism("tag_added", {"kind": "score", "score_points": 1}, company_id=False)
        self.assertEqual(shared.user_id, self.env.user)
        shared.action_ids.with_user(self.manager).score_points = 5
        self.assertEqual(shared.user_id, self.manager)
        other = self._make_automatism("tag_added", {"kind": "score", "score_points": 1}, company_id=False)
        self.env["marketing.automatism.action"].with_user(self.manager).create(
            {"automatism_id": other.id, "kind": "score", "score_points": 5}
        )
        self.assertEqual(other.user_id, self.manager)

    def test_events_and_log(self):
        automatism = self._make_automatism("tag_added", company_id=self.env.company.id)
        self.contact.category_id = self.tag
        self.assertFalse(self.env["marketing.automatism.event"].with_user(self.manager).search([]))
        self.process()
        self.assertEqual(automatism.with_user(self.manager).log_ids.record_name, self.contact.display_name)
        with self.assertRaises(AccessError):
            self.env["marketing.automatism.log"].with_user(self.salesman).search([])
        self.assertIn("log", automatism.with_user(self.manager).action_log()["res_model"])
        self.assertIn("event", automatism.with_user(self.manager).action_parked()["res_model"])

    def server_action(self, model="crm.lead"):
        return self.env["ir.actions.server"].create(
            {
                "name": "Send in",
                "model_id": self.env["ir.model"]._get_id(model),
                "state": "marketing_scenario_enroll",
                "marketing_scenario_id": self.scenario.id,
            }
        )

    def run_action(self, action, records):
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records.ids[0]}
        return action.with_env(records.env).with_context(**context).run()

    def test_server_action(self):
        action = self.server_action()
        self.assertEqual(action._generate_action_name(), "Send into Follow-up")
        leads = self.env["crm.lead"].create([{"name": f"L{number}", "type": "lead"} for number in range(101)])
        one = self.statements(lambda: self.run_action(action, leads[:1]))
        many = self.statements(lambda: self.run_action(action, leads[1:]))
        self.assertLess(many - one, 10)
        self.assertEqual(set(leads.marketing_enrollment_ids.mapped("door")), {"server_action"})

    def test_server_action_takes_the_rights_of_who_runs_it(self):
        action = self.server_action()
        partner_action = self.server_action("res.partner")
        self.run_action(action, self.mine.with_user(self.salesman))
        self.assertEqual(self.mine.marketing_enrollment_ids.entered_by_id, self.salesman)
        reader = self._make_user("reader", "base.group_user")
        with self.assertRaises(AccessError):
            self.run_action(partner_action, self.contact.with_user(reader))
        self.assertFalse(self.inside(self.contact))

    def test_server_action_says_what_is_wrong(self):
        action = self.server_action("res.users")
        self.assertIn("Only contacts", action.warning)
        self.assertEqual(
            set(self.env["ir.model"].browse(self.server_action().available_model_ids.ids).mapped("model")),
            {"res.partner", "crm.lead"},
        )

    def test_take_out(self):
        run = self._enroll(self.scenario, self.mine)
        their_run = self._enroll(self.scenario, self.theirs)
        outside = self._make_lead("Outside", user_id=self.salesman.id)
        scenario = self.scenario.with_user(self.salesman)
        result = scenario.take_out("crm.lead", (self.mine + self.theirs + outside).ids + [999999])
        self.assertEqual(result["taken_out"], run.ids)
        self.assertEqual(
            result["refused"],
            {str(self.theirs.id): "no_access", str(outside.id): "not_inside", "999999": "target_deleted"},
        )
        self.assertEqual((run.state, run.end_reason, their_run.state), ("stopped", "by_hand", "running"))

    def test_move(self):
        run = self._enroll(self.scenario, self.mine)
        self.run_due()
        end = self._step(self.scenario, "End")
        scenario = self.scenario.with_user(self.salesman)
        with self.assertRaises(UserError):
            scenario.move("crm.lead", self.mine.ids, self._make_scenario().start_step_id.id)
        result = scenario.move("crm.lead", (self.mine + self.theirs).ids, end.id)
        self.assertEqual(result, {"moved": run.ids, "refused": {str(self.theirs.id): "no_access"}})
        self.run_due()
        self.assertEqual(run.state, "done")

    def test_wrong_arguments(self):
        for arguments in (("res.users", [1]), ("crm.lead", "1"), ("crm.lead", ["1"])):
            with self.assertRaises(UserError):
                self.scenario.take_out(*arguments)

    def test_other_company(self):
        stranger = self._make_user("stranger_door", "marketing_scenario.group_scenario_manager", self.other_company)
        run = self._enroll(self.scenario, self.mine)
        with self.assertRaises(AccessError):
            self.scenario.with_user(stranger).take_out("crm.lead", self.mine.ids)
        self.assertEqual(run.state, "running")
