"""Goals: reached once, at their event, within their time; what they are worth, and whom they end (S43, S57)."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..step_case import StepCase

WON = {"kind": "opportunity", "opportunity_result": "won"}


@tagged("post_install", "-at_install")
class TestGoal(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Customer"})

    def _with_goal(self, rule, active=True, steps=(("pause", {"pause_days": 30}, "wait"),), **vals):
        scenario = self._make_scenario(*steps, active=False)
        values = {"name": "the goal", "scenario_id": scenario.id, "rule_ids": [(0, 0, rule)], **vals}
        self.env["marketing.scenario.goal"].create(values)
        if active:
            scenario.action_activate()
        return scenario

    def _opportunity(self, **vals):
        return self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.contact.id, "expected_revenue": 500, **vals}
        )

    def _process_events(self):
        self.env["marketing.automatism.event"]._process()

    def _conversions(self, enrollment):
        self.env.invalidate_all()
        return enrollment.conversion_ids

    def test_a_won_opportunity_reaches_the_goal_and_is_traced(self):
        scenario = self._with_goal(WON, value_kind="revenue")
        run = self._walk(scenario, self.contact)
        self.forward(run=False, days=3)
        deal = self._opportunity()
        self._process_events()
        self.assertFalse(self._conversions(run))
        deal.action_set_won()
        self._process_events()
        conversion = self._conversions(run)
        self.assertEqual(
            (conversion.goal_id, conversion.opportunity_id, conversion.value, conversion.at, conversion.is_early),
            (scenario.goal_ids, deal, 500, self.now, False),
        )
        self.assertEqual((round(conversion.days, 2), conversion.step_id.name), (3.0, "wait"))
        self.assertEqual(run.state, "running")
        trace = run.trace_ids.filtered(lambda trace: trace.event == "goal")
        self.assertEqual(
            (trace.reason, trace.message, trace.outcome_label), ("goal_reached", "the goal", "Goal reached")
        )

    def test_it_is_reached_once(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id})
        run = self._walk(scenario, self.contact)
        for _time in range(2):
            self.contact.category_id = [(4, self.tag.id)]
            self._process_events()
            self.contact.category_id = [(3, self.tag.id)]
            self._process_events()
        self.assertEqual(len(self._conversions(run)), 1)

    def test_who_fulfilled_it_when_entering_does_not_count(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id}, ends_run=True)
        self.contact.category_id = self.tag
        run = self._walk(scenario, self.contact)
        self.contact.category_id |= self.env["res.partner.category"].create({"name": "Other"})
        self._process_events()
        conversion = self._conversions(run)
        self.assertEqual((conversion.is_early, run.state), (True, "running"))
        self.assertFalse(run.trace_ids.filtered(lambda trace: trace.event == "goal"))
        scenario.invalidate_recordset()
        self.assertEqual((scenario.conversion_count, scenario.goal_rate), (0, 0))

    def test_it_ends_the_run_before_the_next_message(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id}, ends_run=True)
        run, other = self._walk(scenario, self.contact, self.account)
        self.contact.category_id = self.tag
        self._process_events()
        self._conversions(run)
        self.assertEqual((run.state, run.end_reason, other.state), ("stopped", "goal_reached", "running"))
        scenario.invalidate_recordset()
        self.assertEqual((scenario.conversion_count, scenario.goal_rate), (1, 0.5))

    def test_a_run_that_is_over_is_followed_until_the_time_is_over(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id}, steps=(), days=10)
        first, second = self._walk(scenario, self.contact, self.account)
        self.assertEqual(first.state, "done")
        self.forward(run=False, days=9)
        self.contact.category_id = self.tag
        self._process_events()
        self.assertEqual(len(self._conversions(first)), 1)
        self.forward(run=False, days=2)
        self.account.category_id = self.tag
        self._process_events()
        self.assertFalse(self._conversions(second))

    def test_a_lead_that_is_won_leaves_and_has_reached_it(self):
        scenario = self._with_goal(WON, value_kind="revenue")
        self.lead.write({"type": "opportunity", "expected_revenue": 70})
        run = self._walk(scenario, self.lead)
        self.lead.action_set_won()
        self._process_events()
        conversion = self._conversions(run)
        self.assertEqual((run.end_reason, conversion.value, conversion.opportunity_id), ("lead_won", 70, self.lead))

    def test_the_deal_of_a_colleague_is_one_of_the_account(self):
        colleague = self._make_contact("Colleague", parent_id=self.account.id)
        scenario = self._with_goal(WON, value_kind="revenue")
        run, stranger = self._walk(scenario, self.account, self.contact)
        self._opportunity(partner_id=colleague.id).action_set_won()
        self._process_events()
        self.assertEqual(self._conversions(run).value, 500)
        self.assertFalse(self._conversions(stranger))

    def test_an_opportunity_that_came_about(self):
        scenario = self._with_goal({"kind": "opportunity", "opportunity_result": "created"})
        run, lead_run = self._walk(scenario, self.contact, self.lead)
        self._opportunity(partner_id=self.contact.id)
        self.forward(run=False, days=1)
        self.lead.convert_opportunity(self.env["res.partner"])
        self.lead.date_conversion = self.now
        self._process_events()
        self.assertEqual(len(self._conversions(run)), 1)
        self.assertEqual(len(self._conversions(lead_run)), 1)

    def test_what_no_event_announces_is_seen_when_the_run_moves(self):
        rule = {"kind": "domain", "domain_partner": "[('ref', '=', 'bought')]"}
        steps = (("pause", {"pause_days": 1}, "one"), ("pause", {"pause_days": 1}, "two"))
        scenario = self._with_goal(rule, steps=steps, ends_run=True)
        run, late = self._walk(scenario, self.contact, self.account)
        self.contact.ref = "bought"
        self._process_events()
        self.assertFalse(self._conversions(run))
        self.forward(days=1)
        self.assertEqual(len(self._conversions(run)), 1)
        self.assertEqual((run.end_reason, run.step_id.name), ("goal_reached", "one"))
        self.account.ref = "bought"
        self.assertFalse(self._conversions(late))

    def test_what_the_last_step_brings_about_counts(self):
        field = self.env["ir.model.fields"]._get("res.partner", "ref")
        rule = {"kind": "domain", "domain_partner": "[('ref', '=', 'bought')]"}
        action = self.env["ir.actions.server"].create(
            {
                "name": "Write",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "object_write",
                "update_path": field.name,
                "value": "bought",
            }
        )
        scenario = self._with_goal(rule, steps=(("server_action", {"server_action_partner_id": action.id}, "act"),))
        run = self._walk(scenario, self.contact)
        self.assertEqual(self.contact.ref, "bought")
        self.assertEqual(len(self._conversions(run)), 1)

    def test_amounts_are_in_the_currency_of_the_company(self):
        foreign = self.env["res.currency"].create({"name": "XTS", "symbol": "x", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"currency_id": foreign.id, "name": "2026-01-01", "rate": 4.0, "company_id": False}
        )
        second = self.env["res.company"].create({"name": "Second", "currency_id": foreign.id})
        scenario = self._with_goal(WON, value_kind="fixed", value=10)
        scenario.company_id = False
        self.contact.company_id = second
        run = self._walk(scenario, self.contact)
        self._opportunity(company_id=second.id).action_set_won()
        self._process_events()
        conversion = self._conversions(run)
        self.assertEqual((conversion.company_id, conversion.currency_id), (second, foreign))
        self.assertEqual(conversion.value, 40)

    def test_a_fixed_amount_keeps_its_opportunity(self):
        scenario = self._with_goal(WON, value_kind="fixed", value=10)
        run = self._walk(scenario, self.contact)
        deal = self._opportunity()
        deal.action_set_won()
        self._process_events()
        self.assertEqual((self._conversions(run).value, run.conversion_ids.opportunity_id), (10, deal))

    def test_a_goal_that_cannot_be_judged_stops_nobody(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id})
        run = self._walk(scenario, self.contact)
        match = self.env.registry["marketing.scenario.rule"]

        def fail(*_args):
            raise ZeroDivisionError

        self.patch(match, "_match_tag", fail)
        with mute_logger("odoo.addons.marketing_scenario.models.goals.watch"):
            self.contact.category_id = self.tag
            self._process_events()
            self.forward(days=31)
        self.assertFalse(self._conversions(run))
        self.assertEqual(run.state, "done")
        self.assertFalse(self.env["marketing.automatism.event"].search([]))

    def test_nothing_is_listened_to_for_nothing(self):
        events = self.env["marketing.automatism.event"]
        scenario = self._with_goal({"kind": "opportunity"}, active=False)
        self.assertNotIn("lead_won", events._listened())
        scenario.action_activate()
        self.assertIn("lead_won", events._listened())
        scenario.action_deactivate()
        scenario.goal_ids.unlink()
        self.assertNotIn("lead_won", events._listened())

    def test_check(self):
        scenario = self._with_goal({"kind": "tag", "negate": True}, active=False, value_kind="fixed")
        texts = [issue["message"] for issue in scenario.check()]
        for words in ("has no tag", "Take “not” out", "the amount is empty"):
            self.assertTrue(any(words in text and "the goal" in text for text in texts), words)
        with self.assertRaisesRegex(UserError, "the goal"):
            scenario.action_activate()
        goal = scenario.goal_ids
        goal.rule_ids = [(5,), (0, 0, {"kind": "contact_type", "contact_type": "individual"})]
        goal.value = 5
        issues = scenario.check()
        self.assertEqual([(issue["code"], issue["level"]) for issue in issues], [("goal_seen_late", "warning")])

    def test_a_person_sees_only_the_conversions_of_whom_they_see(self):
        scenario = self._with_goal({"kind": "tag", "tag_id": self.tag.id})
        lead = self._make_lead("Mine", user_id=self.seller.id, tag_ids=[])
        theirs = self._make_lead("Theirs", user_id=self.env.user.id)
        runs = self._walk(scenario, lead, theirs)
        scenario.goal_ids._reach(runs)
        found = self.env["marketing.scenario.conversion"].with_user(self.seller).search([])
        self.assertEqual(found.enrollment_id, runs[0])
        scenario.invalidate_recordset()
        self.assertEqual(scenario.with_user(self.seller).conversion_count, 2)

    def test_cost_does_not_grow_with_people(self):
        scenario = self._with_goal({"kind": "contact_type", "contact_type": "professional"})
        self.assertBudget(scenario, 60)

    def test_told_and_explained(self):
        scenario = self._with_goal(WON, value_kind="fixed", value=10, ends_run=True, name="Sale")
        parts = dict(scenario._explained())
        self.assertIn("“Sale” is reached when an opportunity was won since entry", parts["What it is for"][0])
        self.assertIn("Who reaches it leaves the scenario.", parts["What it is for"][0])
        run = self._walk(scenario, self.contact)
        scenario.goal_ids._reach(run)
        self.assertTrue(self.contact._person_report()["Goals reached"])
