import json
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ScenarioCase

SALESMAN = "base.group_user,sales_team.group_sale_salesman,base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestPane(ScenarioCase):
    """The Marketing pane, its "+" dialog and the list action, as a plain salesman (S12)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(cls.env, "salesman", groups=SALESMAN)
        cls.scenario = cls._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Follow-up")

    def _dialog(self, records, user=None):
        action = records.with_user(user or self.salesman).action_marketing_add()
        model = self.env[action["res_model"]].with_user(user or self.salesman).with_context(**action["context"])
        return Form(model)

    def test_add_from_the_pane(self):
        form = self._dialog(self.contact)
        self.assertEqual(form.record_name, "Léa Martin")
        form.scenario_id = self.scenario
        result = form.save().action_confirm()
        self.assertEqual(result["params"]["type"], "success")
        enrollment = self.contact.with_user(self.salesman).marketing_enrollment_ids
        self.assertEqual((enrollment.scenario_id, enrollment.door), (self.scenario, "hand"))
        self.assertEqual(enrollment.entered_by_id, self.salesman)
        self.assertEqual(self.contact.marketing_live_count, 1)

    def test_dialog_tells_why_others_will_not(self):
        leads_only = self._make_scenario(name="Only leads", target_kinds="lead")
        draft = self._make_scenario(name="Draft", active=False)
        self._enroll(self.scenario, self.contact)
        choices = {choice["value"]: choice for choice in self._dialog(self.contact).scenario_choices}
        self.assertNotIn(draft.id, choices)
        self.assertEqual(choices[leads_only.id]["hint"], "This kind of record is not accepted")
        self.assertEqual(choices[self.scenario.id]["hint"], "Already in this scenario")
        self.assertTrue(all(choices[scenario.id]["disabled"] for scenario in (leads_only, self.scenario)))

    def test_list_action_sums_up_refusals(self):
        self._enroll(self.scenario, self.contact)
        other = self._make_contact("Paul", "paul@example.com")
        action = self.env.ref("marketing_scenario.marketing_scenario_enroll_partner_action")
        self.assertEqual(action.binding_model_id.model, "res.partner")
        model = self.env["marketing.scenario.enroll"].with_user(self.salesman)
        form = Form(model.with_context(active_model="res.partner", active_ids=(self.contact + other).ids))
        form.scenario_id = self.scenario
        self.assertEqual((form.record_count, form.accepted_count), (2, 1))
        self.assertEqual(form.refusal_summary, "Already in this scenario: 1")
        result = form.save().action_confirm()
        self.assertIn("1 entered, 1 rejected", result["params"]["message"])
        self.assertEqual(other.marketing_enrollment_ids.door, "list")

    def test_actions_of_a_run(self):
        enrollment = self._enroll(self.scenario, self.contact).with_user(self.salesman)
        self.run_due()
        enrollment.action_pause()
        self.assertEqual(enrollment.state, "paused")
        enrollment.action_resume()
        act = self.env["marketing.scenario.enrollment.act"].with_user(self.salesman)
        later = self.now.replace(day=20)
        form = Form(act.with_context(**enrollment.action_reschedule()["context"]))
        form.moment = later
        form.save().action_confirm()
        self.assertEqual(enrollment.next_run_at, later)
        form = Form(act.with_context(**enrollment.action_move()["context"]))
        form.step_id = self._step(self.scenario, "End")
        form.save().action_confirm()
        self.run_due()
        self.assertEqual(enrollment.state, "done")

    def test_a_move_tells_for_whom_the_step_did_its_work_before(self):
        self.env.company.email = "hello@company.example.com"
        mail = ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "Write")
        scenario = self._make_scenario(mail, ("pause", {"pause_days": 1}, "Rest"), on_refused="go_on")
        written = self._make_contact("Written", "written@example.com")
        refused = self._make_contact("Refused", "refused@example.com", marketing_optin=False)
        runs = self._enroll(scenario, written + refused)
        self.run_due()
        self.assertEqual(runs.step_id, self._step(scenario, "Rest"))
        act = self.env["marketing.scenario.enrollment.act"].with_context(**runs.action_move()["context"])
        for name, count in (("Write", 1), ("Rest", 0), ("Start", 2)):
            self.assertEqual(act.new({"step_id": self._step(scenario, name).id}).again_count, count, name)
        self.assertEqual(act.new({}).again_count, 0)

    def test_skip_goes_on_with_the_next_step(self):
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        self.assertTrue(enrollment.can_skip)
        enrollment.with_user(self.salesman).action_skip()
        self.run_due()
        self.assertEqual(self.path(enrollment)[1:], ["wait:skipped", "End:end"])

    def test_timeline_shows_path_and_planned_moment(self):
        enrollment = self._enroll(self.scenario, self.contact)
        self.run_due()
        rows = enrollment.with_user(self.salesman).timeline
        self.assertEqual([row["step"] for row in rows], ["Start", "wait"])
        planned = rows[-1]
        self.assertTrue(planned["planned"])
        self.assertEqual((planned["at"], planned["then"]), ("2026-03-03 10:00:00", "End"))
        enrollment.action_take_out()
        self.assertFalse(any(row.get("planned") for row in enrollment.timeline))

    def test_who_may_not_change_the_record(self):
        reader = new_test_user(self.env, "reader", groups="base.group_user,marketing_scenario.group_scenario_user")
        enrollment = self._enroll(self.scenario, self.contact)
        with self.assertRaises(AccessError):
            enrollment.with_user(reader).action_pause()
        choices = self._dialog(self._make_contact("New"), reader).scenario_choices
        self.assertEqual(choices[0]["hint"], "No right to change this record")

    def test_a_lead_of_a_colleague_is_hidden(self):
        lead = self._make_lead(user_id=self.env.user.id)
        own = self._make_lead(user_id=self.salesman.id)
        enrollments = self._enroll(self.scenario, lead + own)
        seen = (
            self.env["marketing.scenario.enrollment"].with_user(self.salesman).search([("id", "in", enrollments.ids)])
        )
        self.assertEqual(seen.lead_id, own)

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.scenario.company_id = company
        choices = self._dialog(self.contact).scenario_choices
        self.assertNotIn(self.scenario.id, [choice["value"] for choice in choices or []])
        with self.assertRaises(AccessError):
            self.scenario.with_user(self.salesman).read(["name"])

    def test_pane_fields(self):
        contact = self.contact.with_user(self.salesman)
        self.assertEqual(contact.marketing_email_answer, "ok")
        self.assertEqual(contact.marketing_sms_answer, "no_phone")
        self.contact.marketing_refuse_all = True
        contact.invalidate_recordset()
        self.assertEqual(contact.marketing_email_answer, "refused_all")
        self.contact._add_score(10, "Visit")
        self.assertEqual(contact.marketing_score_history_ids.mapped("points"), [10])
        self.assertFalse(contact.marketing_messages)

    def test_optin_by_hand_is_dated(self):
        contact = self._make_contact("New", marketing_optin=False)
        with Form(contact.with_user(self.salesman)) as form:
            form.marketing_optin = True
        self.assertEqual(contact.marketing_optin_date, self.now)
        self.assertIn("salesman", contact.marketing_optin_source)

    def test_static_query(self):
        account = self._make_contact("Acme", is_company=True)
        self._enroll(self.scenario, self.contact)
        both = [("id", "in", (self.contact + account + self._make_contact("Paul")).ids)]
        action = self.scenario.action_add_people()
        form = Form(self.env[action["res_model"]].with_user(self.salesman).with_context(**action["context"]))
        form.domain = str(both)
        self.assertEqual((form.found_count, form.accepted_count, form.refused_count), (2, 1, 1))
        self.assertEqual(form.refusal_summary, "Already in this scenario: 1")
        form.kind = "account"
        form.domain = str(both)
        self.assertEqual((form.found_count, form.accepted_count), (1, 1))
        form.save().action_confirm()
        self.assertEqual(account.marketing_enrollment_ids.door, "query")
        self.assertEqual(self.scenario.running_count, 2)

    def test_whom_no_message_reaches_is_told_before_sending_in(self):
        mail = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
        scenario = self._make_scenario(("email", mail, "Mail"))
        silent = self._make_contact("Silent", "silent@example.com", marketing_optin=False)
        people = self.contact + silent + self._make_contact("No address")
        form = Form(self.env["marketing.scenario.add.people"].with_context(default_scenario_id=scenario.id))
        form.domain = str([("id", "in", people.ids)])
        self.assertEqual(form.accepted_count, 3)
        self.assertRegex(form.unreached, r"email.*: 2 \(.*No opt-in: 1")
        self._enroll(scenario, silent)
        form.domain = str([("id", "in", (self.contact + silent).ids)])
        self.assertEqual(form.accepted_count, 1)
        self.assertFalse(form.unreached, "who is rejected is told elsewhere")
        wizard = self.env["marketing.scenario.enroll"].with_context(active_model="res.partner", active_ids=people.ids)
        form = Form(wizard)
        form.scenario_id = scenario
        self.assertIn("No email address: 1", form.unreached)
        self.assertFalse(self.scenario._told_unreached(people), "a scenario without messages")

    def _told(self):
        """What was told on the screens of users since the last time."""
        self.env["bus.bus"].search([]).unlink()
        self.env.cr.precommit.run()
        messages = [json.loads(row.message) for row in self.env["bus.bus"].search([])]
        return [one["payload"]["message"] for one in messages if one["type"] == "simple_notification"]

    def test_people_of_a_file_enter(self):
        wizard = self.env["marketing.scenario.add.people"].with_user(self.salesman)
        wizard = wizard.create({"scenario_id": self.scenario.id, "kind": "contact"})
        action = wizard.action_import()
        importing = self.env[action["params"]["model"]].with_user(self.salesman)
        rows = [["Ann File", "ann@file.example.com"], ["Bob File", "bob@file.example.com"]]
        imported = importing.with_context(**action["params"]["context"]).load(["name", "email"], rows)
        people = self.env["res.partner"].browse(imported["ids"])
        self.assertEqual(people.marketing_enrollment_ids.mapped("door"), ["import", "import"])
        self.assertEqual(self._told(), ["2 entered."])
        with suppress(ValueError), self.env.cr.savepoint():
            importing.with_context(**action["params"]["context"]).load(["name"], [["Only tried"]])
            raise ValueError("a test of the file")
        self.assertEqual(self._told(), [], "what is rolled back is not told")
        again = [[people[0].id, "ann@new.example.com"], [False, "nobody@file.example.com"]]
        with mute_logger("odoo.sql_db"):
            failed = importing.with_context(**action["params"]["context"]).load([".id", "email"], again)
        self.assertFalse(failed["ids"], "a file that Odoo refuses brings nobody in")
        importing.load(["name"], [["Carl File"]])
        self.assertEqual(self.scenario.running_count, 2, "only an import that was begun at the scenario")

    def test_static_query_with_a_broken_filter(self):
        wizard = self.env["marketing.scenario.add.people"].create({"scenario_id": self.scenario.id, "kind": "contact"})
        wizard.domain = "[('no_such_field', '=', 1)]"
        with self.assertRaisesRegex(UserError, "cannot be read"):
            wizard.action_confirm()

    def test_short_list_of_the_scenario_page(self):
        enrollment = self._enroll(self.scenario, self.contact)
        self.assertEqual(self.scenario.shown_enrollment_ids, enrollment)
        self.assertEqual(self.scenario.action_view_enrollments()["domain"], [("scenario_id", "=", self.scenario.id)])
