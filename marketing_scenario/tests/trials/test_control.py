"""The control group: who is held out, what that means everywhere, and what is compared (S58)."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestControl(StepCase):
    def _people(self, count, start=0):
        return self.env["res.partner"].create(
            [
                {"name": f"C{i}", "email": f"c{i}@held.example.com", "marketing_optin": True}
                for i in range(start, start + count)
            ]
        )

    def _scenario(self, percent=50, **vals):
        return self._scenario_of("pause", {"pause_days": 3}, control_percent=percent, **vals)

    def _enter(self, scenario, records):
        """:return: ``(walking, held out, rejected)``"""
        runs, rejected = scenario._enroll(records, "hand")
        held = runs.filtered(lambda run: run.state == "control")
        return runs - held, held, rejected

    def test_a_share_is_held_out_and_walks_nowhere(self):
        scenario = self._scenario()
        people = self._people(80)
        walking, held, _rejected = self._enter(scenario, people)
        self.assertAlmostEqual(len(held), 40, delta=28)
        self.assertEqual(len(walking + held), 80)
        self.run_due()
        self.assertEqual(
            {(run.state, run.step_id.id, run.end_reason) for run in held}, {("control", False, "control_group")}
        )
        self.assertEqual(set(held.mapped("ended_at")), {self.now})
        self.assertEqual(self.path(held[0]), ["Start:held_out"])
        scenario.invalidate_recordset()
        self.assertEqual((scenario.running_count, scenario.done_count), (len(walking), 0))
        self.assertEqual(scenario.start_step_id.passed_count, len(walking))
        self.assertEqual(held[0].why, "In the control group")
        self.assertEqual(held[0].timeline[-1]["outcome"], "Held out for comparison")
        self.assertFalse(held[0].timeline[-1].get("planned"))
        self.assertEqual(held.partner_id[0].marketing_live_count, 0)

    def test_it_is_the_same_lot_for_a_person_in_each_scenario(self):
        people = self._people(30)
        scenario = self._scenario()
        _walking, held, _rejected = self._enter(scenario, people)
        held_ids = held.partner_id.ids
        self.env["marketing.scenario.enrollment"].search([("scenario_id", "=", scenario.id)]).unlink()
        _walking, again, _rejected = self._enter(scenario, people)
        self.assertEqual(again.partner_id.ids, held_ids)
        _walking, other, _rejected = self._enter(self._scenario(name="Other"), people)
        self.assertNotEqual(other.partner_id.ids, held_ids, "another scenario draws other lots")

    def test_the_next_door_finds_them_held_out(self):
        for reentry in ("never", "finished", "after_days"):
            with self.subTest(reentry=reentry):
                scenario = self._scenario(reentry=reentry, name=reentry)
                _walking, held, _rejected = self._enter(scenario, self._people(20, start=100))
                self.forward(days=90)
                walking, again, rejected = self._enter(scenario, held.partner_id)
                self.assertFalse(walking + again)
                self.assertEqual(set(rejected.values()), {"control_group"})
                lead = self._make_lead("Theirs", partner_id=held[0].partner_id.id)
                self.assertEqual(self._enter(scenario, lead)[2], {lead.id: "control_group"}, "a lead is its contact")
                self.assertEqual(scenario._rejections(held.partner_id), rejected, "told before confirming")

    def test_having_been_held_out_is_no_entry(self):
        scenario = self._scenario(reentry="never")
        _walking, held, _rejected = self._enter(scenario, self._people(20))
        scenario.control_percent = 0
        walking, again, rejected = self._enter(scenario, held.partner_id)
        self.assertEqual((walking.partner_id, len(again), rejected), (held.partner_id, 0, {}))

    def test_who_has_walked_is_never_held_out(self):
        scenario = self._scenario(percent=0, reentry="finished")
        people = self._people(30)
        self._enter(scenario, people)
        self.run_due()
        self.forward(days=4)
        scenario.control_percent = 50
        walking, held, _rejected = self._enter(scenario, people)
        self.assertEqual((len(walking), len(held)), (30, 0))

    def test_the_share_has_limits(self):
        for percent in (-1, 51):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._scenario(percent=percent)

    def test_they_cannot_be_put_back_or_moved(self):
        scenario = self._scenario()
        _walking, held, _rejected = self._enter(scenario, self._people(20))
        self.assertEqual(set(held._put_back().values()), {"not_taken_out"})
        held.action_run_now()
        held.action_take_out()
        self.assertEqual(set(held.mapped("state")), {"control"})

    def test_another_scenario_does_not_see_them_inside(self):
        scenario = self._scenario()
        _walking, held, _rejected = self._enter(scenario, self._people(20))
        alone = self._scenario_of("pause", {"pause_days": 1}, allow_other_scenarios=False, name="Alone")
        self.assertFalse(self._enter(alone, held.partner_id)[2])
        rule = {"kind": "member", "member_scenario_id": scenario.id, "member_state": "ever"}
        asking = self._scenario_of("if", {"rule_ids": [(0, 0, rule)]}, name="Asking")
        run = self._walk(asking, held.partner_id[0])
        self.assertIn("step:no", self.path(run))

    def test_steps_before_a_date_are_not_noted_for_them(self):
        settings = {"pause_mode": "date", "pause_date": "2026-01-01"}
        scenario = self._make_scenario(
            ("pause", settings, "date"), ("pause", {"pause_days": 1}, "day"), control_percent=50
        )
        _walking, held, _rejected = self._enter(scenario, self._people(20))
        self.assertEqual(self.path(held[0])[-1], "day:held_out")

    def test_who_sends_people_in_is_told(self):
        scenario = self._scenario()
        runs, rejected = scenario._enroll(self._people(20), "hand")
        message = scenario._notify_entry(runs, rejected)["params"]["message"]
        held = len(runs.filtered(lambda run: run.state == "control"))
        self.assertIn(f"{held} of them are in the control group", message)

    def test_simulation_forecast_and_explanation_tell_it(self):
        scenario = self._scenario()
        people = self._people(20)
        _walking, held, _rejected = self._enter(self._scenario(), people)
        held_now = scenario._held_out(people)
        self.assertTrue(held_now and len(held_now) < 20)
        told = scenario.simulate("res.partner", next(iter(held_now)))
        self.assertEqual(told["prerequisites"][0], {"channel": "entry", "reason": "In the control group", "remedy": ""})
        self.assertTrue(told["stands"], "the simulation walks all the same")
        forecast = scenario.forecast("domain", "res.partner", "[('email', 'like', '@held.example.com')]")
        counts = {end["reason"]: end["count"] for end in forecast["ends"]}
        self.assertEqual(counts["In the control group"], len(held_now))
        self.assertEqual(forecast["steps"][0]["came"]["count"], 20 - len(held_now))
        self.assertIn("50 %", " ".join(scenario._explained_people()))
        self.assertFalse(scenario.enrollment_ids)

    # -- comparison -----------------------------------------------------------------------------------------------

    def _won(self, partner, revenue, **vals):
        lead = self._make_lead("Deal", type="opportunity", partner_id=partner.id, expected_revenue=revenue, **vals)
        lead.action_set_won()
        lead.date_closed = self.now
        return lead

    def test_comparison(self):
        scenario = self._scenario()
        people = self._people(60)
        old = self._won(people[0], 999)
        old.date_closed = "2020-01-01 00:00:00"
        walking, held, _rejected = self._enter(scenario, people)
        self.forward(days=1)
        for partner in walking.partner_id[:6]:
            self._won(partner, 100)
        self._won(walking.partner_id[0], 50)
        self._won(held.partner_id[0], 10)
        walking.partner_id[:3].marketing_refuse_email = True
        scenario._cron_compare()
        figures = scenario.control_figures
        count = len(walking)
        self.assertEqual(
            figures["walked"] | {"revenue": round(figures["walked"]["revenue"] * count), "variance": 0},
            {"people": count, "won": 6, "opted_out": 3, "revenue": 650, "variance": 0},
        )
        self.assertEqual((figures["held"]["people"], figures["held"]["won"]), (len(held), 1))
        self.assertGreater(figures["walked"]["variance"], 0)
        report = str(scenario.control_report)
        for text in ("Won an opportunity", "Opted out", "points", "Revenue won per person", str(count)):
            self.assertIn(text, report)

    def test_of_a_few_people_no_range_of_money_is_told(self):
        scenario = self._scenario()
        walking, held, _rejected = self._enter(scenario, self._people(40))
        for partner in walking.partner_id:
            self._won(partner, 100)
        scenario._count_control()
        if walking and held:
            revenue = scenario._control_rows()[-1]
            self.assertEqual((revenue["range"], revenue["proved"]), ("too few people", False))

    def test_a_lead_and_the_contacts_of_an_account_count_for_the_person(self):
        scenario = self._scenario(percent=0)
        member = self._make_contact("Member", "member@corp.example.com", parent_id=self.account.id)
        scenario.control_since = self.now
        self._enter(scenario, self.account)
        self._enter(scenario, self.lead)
        self.forward(days=1)
        self._won(member, 70)
        self.lead.write({"type": "opportunity", "expected_revenue": 30})
        self.lead.action_set_won()
        self.lead.date_closed = self.now
        scenario._count_control()
        walked = scenario.control_figures["walked"]
        self.assertEqual((walked["people"], walked["won"], walked["revenue"]), (2, 2, 50))

    def test_another_share_begins_the_comparison_anew(self):
        scenario = self._scenario()
        self._enter(scenario, self._people(20))
        scenario._count_control()
        self.forward(days=1)
        scenario.write({"control_percent": 50, "name": "Same"})
        self.assertTrue(scenario.control_figures)
        scenario.control_percent = 20
        self.assertEqual((scenario.control_figures, scenario.control_since), (False, self.now))
        scenario._count_control()
        self.assertEqual(scenario.control_figures["walked"]["people"], 0)

    def test_a_draft_shows_the_comparison_of_what_runs(self):
        scenario = self._scenario()
        self._enter(scenario, self._people(20))
        scenario._count_control()
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        self.assertEqual(draft.control_report, scenario.control_report)
        draft.action_compare()
        draft.control_percent = 30
        draft.invalidate_recordset(["changes"])
        self.assertIn("Control group", str(draft.changes))
        draft._publish()
        self.assertEqual(scenario.control_percent, 30)

    def test_a_user_does_not_count(self):
        with self.assertRaises(Exception) as caught:
            self._scenario().with_user(self.seller).action_compare()
        self.assertIsInstance(caught.exception, UserError)
