from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestEntry(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(cls.env, "seller", groups="sales_team.group_sale_salesman")
        cls.stranger = new_test_user(cls.env, "stranger", groups="base.group_user")

    def _simple(self, **vals):
        return self._make_scenario(("pause", {"pause_days": 1}, "wait"), **vals)

    def _reasons(self, scenario):
        return scenario.refusal_ids.sorted("id").mapped("reason")

    def test_how_somebody_entered_is_told_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.model.fields.selection"].search(
            [("field_id", "=", self.env["ir.model.fields"]._get("marketing.scenario.enrollment", "door").id)]
        ).filtered(lambda door: door.value == "hand").update_field_translations("name", {"fr_FR": "À la main"})
        scenario = self._make_scenario(("pause", {"pause_days": 1}))
        runs = scenario.with_context(lang="fr_FR")._enroll(self.contact, "hand", origin="Fair")[0]
        entered = runs.trace_ids
        self.assertEqual(entered.message, "Fair", "what is stored is in no language")
        name = self.env.user.name
        self.assertEqual(entered.with_context(lang="en_US").details, f"By hand · Fair · {name}")
        self.assertEqual(entered.with_context(lang="fr_FR").details, f"À la main · Fair · {name}")

    def test_enroll_over_the_api_answers_ids_and_reasons(self):
        scenario = self._simple(target_kinds="contact")
        account = self._make_contact("ACME", is_company=True)
        ghost_id = self.env["res.partner"].search([], order="id desc", limit=1).id + 1000
        answer = scenario.enroll("res.partner", [self.contact.id, account.id, ghost_id])
        self.assertEqual(answer["enrolled"], scenario.enrollment_ids.ids)
        self.assertEqual(answer["refused"], {str(account.id): "kind_not_allowed", str(ghost_id): "target_deleted"})
        self.assertEqual(scenario.enrollment_ids.door, "api")
        self.assertIn(self.env.user.name, scenario.enrollment_ids.trace_ids.details)

    def test_enroll_refuses_nonsense_with_a_clear_message(self):
        scenario = self._simple()
        with self.assertRaisesRegex(UserError, "res_model"):
            scenario.enroll("res.users", [1])
        for nonsense in ("1", [True], ["1"], 3):
            with self.assertRaisesRegex(UserError, "res_ids"):
                scenario.enroll("res.partner", nonsense)

    def test_nobody_enters_an_inactive_scenario_but_it_is_noted(self):
        scenario = self._simple(active=False)
        enrollments, refused = scenario._enroll(self.contact, "form")
        self.assertFalse(enrollments)
        self.assertEqual(refused, {self.contact.id: "scenario_inactive"})
        refusal = scenario.refusal_ids
        self.assertEqual((refusal.door, refusal.partner_id, refusal.state), ("form", self.contact, "open"))
        with self.assertRaisesRegex(UserError, "not active"):
            refusal.action_enter_now()
        scenario.action_activate()
        refusal.action_enter_now()
        self.assertEqual(refusal.state, "entered")
        self.assertEqual(scenario.enrollment_ids.partner_id, self.contact)

    def test_enter_now_is_offered_where_it_would_work(self):
        scenario = self._simple(target_kinds="contact", active=False)
        account = self._make_contact("ACME", is_company=True)
        scenario._enroll(self.contact + account + self._make_contact("Other"), "form")
        rejections = scenario.refusal_ids.sorted("id")
        self.assertFalse(any(rejections.mapped("can_enter")), "the scenario takes nobody")
        scenario._set_state("active")
        rejections.invalidate_recordset(["can_enter"])
        self.assertEqual(rejections.filtered("can_enter").partner_id, rejections.partner_id - account)
        rejections[0].action_enter_now()
        self.assertFalse(rejections[0].can_enter, "it is settled")

    def test_who_may_still_not_enter_is_listed_once_and_told(self):
        scenario = self._simple(target_kinds="contact", active=False)
        scenario._enroll(self.contact + self._make_contact("ACME", is_company=True), "form")
        scenario._set_state("active")
        rejections = scenario.refusal_ids
        told = rejections.action_enter_now()["params"]
        self.assertIn("1 entered, 1 rejected", told["message"])
        self.assertEqual(sorted(scenario.refusal_ids.mapped("state")), ["entered", "open"])
        rejections.action_dismiss()
        self.assertEqual(sorted(rejections.mapped("state")), ["dismissed", "entered"], "what is settled stays so")
        with self.assertRaisesRegex(UserError, "settled already"):
            rejections.action_enter_now()

    def test_nobody_enters_after_the_end_date(self):
        scenario = self._simple(date_end=MONDAY - timedelta(hours=1))
        self.assertEqual(scenario._enroll(self.contact, "hand")[1], {self.contact.id: "scenario_ended"})

    def test_a_live_run_refuses_a_second_one(self):
        scenario = self._simple(reentry="finished")
        self._enroll(scenario, self.contact)
        self.assertEqual(scenario._enroll(self.contact, "hand")[1], {self.contact.id: "already_inside"})

    def test_reentry_never_finished_and_after_days(self):
        for reentry, reason in (("never", "reentry_never"), ("finished", None), ("after_days", "reentry_too_early")):
            with self.subTest(reentry=reentry):
                self.set_now(MONDAY)
                scenario = self._simple(reentry=reentry, reentry_days=5)
                self._enroll(scenario, self.contact)
                self.run_due()
                self.forward(days=1)
                enrollments, refused = scenario._enroll(self.contact, "hand")
                self.assertEqual(refused.get(self.contact.id), reason)
                if reentry == "finished":
                    self.assertEqual(enrollments.run_number, 2)
        self.forward(days=5)
        self.assertEqual(self._enroll(scenario, self.contact).run_number, 2)

    def test_presence_elsewhere_is_refused_when_not_allowed(self):
        self._enroll(self._simple(), self.contact)
        alone = self._simple(allow_other_scenarios=False)
        self.assertEqual(alone._enroll(self.contact, "hand")[1], {self.contact.id: "other_scenario"})
        self.assertEqual(self._reasons(alone), ["other_scenario"])

    def test_company_and_archived_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._make_contact("Foreign", company_id=other.id)
        archived = self._make_contact("Archived", active=False)
        scenario = self._simple()
        self.assertEqual(
            scenario._enroll(foreign + archived, "hand")[1],
            {foreign.id: "company_mismatch", archived.id: "target_archived"},
        )

    def test_fixed_date_passed_at_entry_skips_what_comes_before(self):
        mark = self.env["res.partner.category"].create({"name": "Before"})
        scenario = self._make_scenario(
            ("tag", {"tag_id": mark.id}, "before"),
            ("pause", {"pause_mode": "date", "pause_date": date(2026, 3, 10)}, "the day"),
            ("pause", {"pause_hours": 1}, "after"),
        )
        early = self._enroll(scenario, self.contact)
        self.run_due()
        self.assertEqual(early.next_run_at.strftime("%F %R"), "2026-03-09 23:01", "00:01 in Paris")
        self.forward(days=9)
        late = self._enroll(scenario, self._make_contact("Late"))
        self.run_due()
        self.assertJourney(late, "before:skipped", "the day:skipped")
        self.assertEqual(late.trace_ids.filtered(lambda t: t.event == "skipped").mapped("reason"), ["after_date"] * 2)
        self.assertEqual(late.step_id.name, "after")
        self.assertNotIn(mark, late.partner_id.category_id)

    def test_salesman_adds_what_they_may_change(self):
        scenario = self._simple()
        own = self._make_lead("Own", user_id=self.salesman.id)
        foreign = self._make_lead("Foreign", user_id=self.env.ref("base.user_admin").id)
        answer = scenario.with_user(self.salesman).enroll("crm.lead", [own.id, foreign.id])
        self.assertEqual(len(answer["enrolled"]), 1)
        self.assertEqual(answer["refused"], {str(foreign.id): "no_access"})
        seen = self.env["marketing.scenario.enrollment"].with_user(self.salesman)
        hidden = self._enroll(scenario, foreign)
        self.assertEqual(seen.search([("scenario_id", "=", scenario.id)]).lead_id, own)
        traces = self.env["marketing.scenario.trace"].with_user(self.salesman)
        self.assertEqual(traces.search([("scenario_id", "=", scenario.id)]).enrollment_id.ids, answer["enrolled"])
        with self.assertRaises(AccessError):
            hidden.trace_ids.with_user(self.salesman).read(["message"])
        with self.assertRaises(AccessError):
            hidden.with_user(self.salesman).action_take_out()
        seen.browse(answer["enrolled"]).action_take_out()
        self.assertEqual(seen.browse(answer["enrolled"]).end_reason, "by_hand")

    def test_user_without_the_group_sees_nothing(self):
        scenario = self._simple()
        with self.assertRaises(AccessError):
            scenario.with_user(self.stranger).enroll("res.partner", [self.contact.id])
        with self.assertRaises(AccessError):
            self.env["marketing.scenario.enrollment"].with_user(self.stranger).search([])

    def test_user_cannot_build_or_activate(self):
        scenario = self._simple(active=False).with_user(self.salesman)
        with self.assertRaises(AccessError):
            scenario.action_activate()
        with self.assertRaises(AccessError):
            scenario.step_ids[0].name = "X"
        with self.assertRaises(AccessError):
            self.env["marketing.scenario.enrollment"].with_user(self.salesman).create({"scenario_id": scenario.id})

    def test_pause_and_resume_keep_the_remaining_time(self):
        enrollment = self._enroll(self._simple(), self.contact)
        self.run_due()
        enrollment.action_pause()
        self.assertEqual(self.forward(days=2), 0)
        enrollment.action_resume()
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=3))

    def test_move_to_another_step(self):
        scenario = self._simple()
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        enrollment.move_to(self._step(scenario, "End"))
        self.run_due()
        self.assertEqual(enrollment.state, "done")
        with self.assertRaisesRegex(UserError, "another scenario"):
            enrollment.move_to(self._simple().start_step_id)

    def test_thousand_enter_in_a_handful_of_statements(self):
        contacts = self.env["res.partner"].create([{"name": f"C{n}"} for n in range(1000)])
        scenario = self._simple()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        scenario._enroll(contacts, "list")
        self.assertLess(self.env.cr.sql_log_count - before, 20)
        self.assertEqual(scenario.running_count, 1000)
