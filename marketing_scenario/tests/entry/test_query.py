from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

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

    def test_refused_while_the_scenario_is_off_can_enter_later(self):
        scenario = self._scenario(active=False)
        self._query(scenario).action_run()
        self.assertEqual(scenario.refusal_ids.mapped("reason"), ["scenario_inactive"] * 3)
        scenario.action_activate()
        scenario.refusal_ids.action_enter_now()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.people[:3])

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
