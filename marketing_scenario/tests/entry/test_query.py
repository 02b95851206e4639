from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestQuery(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.partner"].create(
            [{"name": f"Person {n}", "ref": "query-test", "city": "Lyon" if n < 3 else "Paris"} for n in range(5)]
        )

    def _query(self, scenario, city="Lyon", **vals):
        return self.env["marketing.scenario.query"].create(
            {
                "name": "People of a city",
                "scenario_id": scenario.id,
                "domain": f"[('ref', '=', 'query-test'), ('city', '=', '{city}')]",
                **vals,
            }
        )

    def _scenario(self, **vals):
        return self._make_scenario(("pause", {"pause_days": 1}, "wait"), **vals)

    def test_each_record_that_starts_to_match_enters_once(self):
        scenario = self._scenario(reentry="finished")
        query = self._query(scenario)
        query.action_run()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[:3])
        self.assertEqual(set(scenario.enrollment_ids.mapped("door")), {"query"})
        self.assertIn("People of a city", scenario.enrollment_ids[0].trace_ids.message)
        self.people[3].city = "Lyon"
        self.run_due()
        self.forward(days=1)
        query.action_run()
        self.assertEqual(len(scenario.enrollment_ids), 4, "those who still match do not enter again")

    def test_leaving_and_coming_back_follows_reentry(self):
        for reentry, runs in (("finished", 2), ("never", 1)):
            with self.subTest(reentry=reentry):
                scenario = self._scenario(reentry=reentry)
                query = self._query(scenario, leave_on_no_match=True)
                query.action_run()
                person = self.people[0]
                person.city = "Nice"
                query.action_run()
                first = scenario.enrollment_ids.filtered(lambda e, person=person: e.partner_id == person)
                self.assertEqual((first.state, first.end_reason), ("stopped", "no_longer_matches"))
                person.city = "Lyon"
                query.action_run()
                mine = scenario.enrollment_ids.filtered(lambda e, person=person: e.partner_id == person)
                self.assertEqual(len(mine), runs)

    def test_stays_inside_by_default_when_it_stops_matching(self):
        scenario = self._scenario()
        query = self._query(scenario)
        query.action_run()
        self.people[0].city = "Nice"
        query.action_run()
        self.assertEqual(set(scenario.enrollment_ids.mapped("state")), {"running"})

    def test_only_newcomers_when_asked(self):
        scenario = self._scenario()
        query = self._query(scenario, enter_existing=False)
        query.action_run()
        self.assertFalse(scenario.enrollment_ids)
        self.people[4].city = "Lyon"
        query.action_run()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[4])

    def test_who_matched_before_the_activation_enters_with_it(self):
        scenario = self._scenario(active=False)
        query = self._query(scenario)
        with self.assertRaisesRegex(UserError, "Activate"):
            query.action_run()
        with self.enter_registry_test_mode():
            cron = self.env.ref("marketing_scenario.ir_cron_queries")
            cron.method_direct_trigger()
            self.assertEqual(query.match_count, 0)
            scenario.action_activate()
            cron.method_direct_trigger()
            self.assertEqual(scenario.enrollment_ids.partner_id, self.people[:3])
            scenario.action_deactivate()
            self.people[3].city = "Lyon"
            self.forward(hours=2, run=False)
            cron.method_direct_trigger()
            scenario.with_context(marketing_overdue="run_now").action_activate()
            cron.method_direct_trigger()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[:4], "started to match while it was off")
        self.assertFalse(scenario.refusal_ids)

    def test_who_matches_after_the_end_is_not_taken_for_entered(self):
        scenario = self._scenario(date_end=MONDAY - timedelta(days=1))
        query = self._query(scenario)
        with self.enter_registry_test_mode():
            cron = self.env.ref("marketing_scenario.ir_cron_queries")
            cron.method_direct_trigger()
            query.invalidate_recordset()
            self.assertEqual((query.match_count, len(scenario.refusal_ids)), (0, 0))
            scenario.date_end = False
            self.forward(days=1, run=False)
            cron.method_direct_trigger()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[:3])

    def test_takes_out_only_those_who_entered_by_it(self):
        scenario = self._scenario()
        by_hand = self._enroll(scenario, self.people[0])
        query = self._query(scenario, leave_on_no_match=True)
        query.action_run()
        self.people[:3].city = "Nice"
        query.action_run()
        self.assertEqual(by_hand.state, "running")
        self.assertEqual((scenario.enrollment_ids - by_hand).mapped("state"), ["stopped"] * 2)

    def test_a_bad_query_costs_the_others_nothing_and_is_told_once(self):
        scenario, other = self._scenario(), self._scenario(name="Other")
        bad, good = self._query(scenario), self._query(other)
        with self.enter_registry_test_mode(), mute_logger("odoo.sql_db"):
            for text in ("[('id', '=', 'abc')]", "[('category_id', 'child_of', 'zz'), ('id', '=', 'abc')]", "[("):
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE marketing_scenario_query SET domain = %s, next_run_at = %s WHERE id = %s",
                    [text, MONDAY, bad.id],
                )
                self.env.invalidate_all()
                self.env.ref("marketing_scenario.ir_cron_queries").method_direct_trigger()
                self.assertTrue(bad.error_message)
        self.assertEqual(other.enrollment_ids.partner_id, self.people[:3])
        self.assertFalse(good.error_message)
        news = scenario.message_ids.filtered(lambda message: "in error" in (message.subject or ""))
        self.assertEqual(len(news), 1)
        self.assertIn(bad.user_id.partner_id, news.partner_ids)

    def test_a_filter_that_the_database_refuses_is_refused_when_saved(self):
        for text in ("[('id', '=', 'abc')]", "[("):
            with self.subTest(text), mute_logger("odoo.sql_db"), self.assertRaisesRegex(ValidationError, "Filter"):
                self._query(self._scenario(), domain=text)

    def test_it_runs_as_who_set_its_filter(self):
        managers = [
            new_test_user(self.env, f"query_manager_{n}", groups="marketing_scenario.group_scenario_manager")
            for n in (1, 2)
        ]
        scenario = self._scenario()
        queries = self.env["marketing.scenario.query"].with_user(managers[0])
        values = {"name": "Q", "scenario_id": scenario.id, "domain": "[('ref', '=', 'query-test')]"}
        with self.assertRaises(AccessError):
            queries.create({**values, "user_id": self.env.ref("base.user_root").id})
        query = queries.create(values)
        self.assertEqual(query.user_id, managers[0])
        with self.assertRaises(AccessError):
            query.user_id = self.env.ref("base.user_admin")
        query.with_user(managers[1]).domain = "[('ref', '=', 'other')]"
        self.assertEqual(query.user_id, managers[1])

    def test_people_of_another_company_do_not_enter_by_it(self):
        other = self.env["res.company"].create({"name": "Other company"})
        theirs = self.people[0]
        theirs.company_id = other
        manager = new_test_user(self.env, "query_manager", groups="marketing_scenario.group_scenario_manager")
        scenario = self._scenario(company_id=False)
        query = self._query(scenario, user_id=manager.id)
        query.action_run()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[1:3])

    def test_an_archived_user_stops_it_and_it_says_so(self):
        manager = new_test_user(self.env, "query_leaver", groups="marketing_scenario.group_scenario_manager")
        scenario = self._scenario()
        query = self._query(scenario, user_id=manager.id)
        manager.active = False
        query._evaluate_or_tell()
        self.assertFalse(scenario.enrollment_ids)
        self.assertIn("archived", query.error_message)

    def test_cron_keeps_the_cadence(self):
        scenario = self._scenario()
        query = self._query(scenario, cadence="six_hours")
        cron = self.env.ref("marketing_scenario.ir_cron_queries")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertEqual(query.next_run_at, MONDAY + timedelta(hours=6))
            self.people[3].city = "Lyon"
            self.set_now(MONDAY + timedelta(hours=5))
            cron.method_direct_trigger()
            self.assertEqual(len(scenario.enrollment_ids), 3)
            self.set_now(MONDAY + timedelta(hours=6))
            cron.method_direct_trigger()
        self.assertEqual(len(scenario.enrollment_ids), 4)

    def test_broken_filter_is_refused_with_its_field(self):
        with self.assertRaisesRegex(ValidationError, "Filter"):
            self._query(self._scenario(), domain="[('no_such_field', '=', 1)]")

    def test_salesman_cannot_make_queries(self):
        salesman = new_test_user(self.env, "query_seller", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["marketing.scenario.query"].with_user(salesman).create({"name": "X"})

    def test_a_handful_of_statements_whatever_the_number(self):
        self.env["res.partner"].create([{"name": f"Many {n}", "ref": "query-many"} for n in range(500)])
        scenario = self._scenario()
        query = self._query(scenario, domain="[('ref', '=', 'query-many')]")
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        query.action_run()
        self.assertLess(self.env.cr.sql_log_count - before, 25)
        self.assertEqual(scenario.running_count, 500)
