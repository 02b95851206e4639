"""Two batches with messages to one person at the same moment: the frequency cap counts both (S33). Committed."""

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ...models import clock
from ...models.engine import sql
from ...models.engine.drain import limit_locks
from ..committed_case import CommittedCase


@tagged("post_install", "-at_install")
class TestCapRace(CommittedCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.tidy)
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env.company.write({"marketing_cap_count": 1, "marketing_cap_days": 7})
            people = env["res.partner"].create(
                [
                    {"name": name, "email": f"{name}@cap.example.com", "marketing_optin": True}
                    for name in ("lea", "paul")
                ]
            )
            self.lea_id, self.paul_id = people.ids
            lead = {"name": "Lea", "partner_id": self.lea_id, "email_from": "lea.at.home@cap.example.com"}
            self.lead_id = env["crm.lead"].create(lead).id
            self.scenario_ids = [
                self.scenario(env, "One", people[0]),
                # her lead gets it at another address: the limit is the person's
                self.scenario(env, "Two", env["crm.lead"].browse(self.lead_id), people[1]),
            ]

    def scenario(self, env, name, *targets):
        scenario = env["marketing.scenario"].create({"name": name, "company_id": env.company.id})
        env["marketing.scenario.step"].create(
            {
                "scenario_id": scenario.id,
                "parent_id": scenario.start_step_id.id,
                "outcome": "next",
                "step_type": "one_to_one",
                "name": "mail",
                "one_to_one_subject": "Hi",
                "one_to_one_body": "<p>Hello</p>",
            }
        )
        scenario.action_add_missing_ends()
        scenario._set_state("active")
        for target in targets:
            self.assertTrue(scenario._enroll(target, "hand")[0])
        return scenario.id

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env.company.marketing_cap_count = 0
            scenarios = env["marketing.scenario"].browse(self.scenario_ids)
            messages = env["mailing.trace"].search([("marketing_enrollment_id", "in", scenarios.enrollment_ids.ids)])
            messages.mail_mail_id.unlink()
            messages.unlink()
            for scenario in scenarios:
                scenario._set_state("inactive")
                scenario.unlink()
            env["crm.lead"].browse(self.lead_id).unlink()
            env["res.partner"].browse([self.lea_id, self.paul_id]).unlink()
            env["marketing.latch"].search([]).unlink()
        self.registry.clear_all_caches()

    def claim(self, cr, scenario_id):
        """The engine, and what it has claimed of a scenario."""
        limit_locks(cr)
        engine = self.environment(cr)["marketing.scenario.engine"]
        return engine, sql.claim(cr, [scenario_id], clock.now(engine.env), 10, 10)[0]

    def runs(self, cr):
        """``{who: run}``"""
        runs = self.environment(cr)["marketing.scenario"].browse(self.scenario_ids).enrollment_ids
        runs.invalidate_recordset()
        return {run.lead_id and "lead" or run.partner_id.name: run for run in runs}

    def assertSecondBeginsAgain(self):
        """Both claim, the first commits; the second fails to serialize, in silence, and its next try goes well."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, rows = self.claim(one, self.scenario_ids[0])
            second, others = self.claim(two, self.scenario_ids[1])
            self.assertEqual((len(rows), len(others)), (1, 2))
            first._run_rows(rows)
            one.commit()
            with self.assertRaises(SerializationFailure), self.assertNoLogs("odoo.sql_db", "ERROR"):
                second._run_rows(others)
            two.rollback()
            second._run_due()
            return {who: (run.state, run.wait_reason) for who, run in self.runs(two).items()}

    def test_a_batch_that_claimed_before_the_other_was_done_begins_again(self):
        states = self.assertSecondBeginsAgain()
        self.assertEqual(
            states, {"lea": ("done", False), "lead": ("running", "frequency_cap"), "paul": ("done", False)}
        )

    def test_who_is_counted_by_a_batch_at_work_looks_again_and_stops_nobody(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, rows = self.claim(one, self.scenario_ids[0])
            second, others = self.claim(two, self.scenario_ids[1])
            first._run_rows(rows)
            second._run_rows(others)
            states = {who: (run.state, run.wait_reason, run.attempts) for who, run in self.runs(two).items()}
            self.assertEqual(states["paul"], ("done", False, 0))
            self.assertEqual(states["lead"], ("running", "retry", 0))
            one.rollback()
            two.rollback()

    def test_first_mails_of_two_scenarios_of_one_name(self):
        """What Odoo counts the clicks by has a unique name, made of both."""
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env.company.marketing_cap_count = 0
            env["marketing.scenario"].browse(self.scenario_ids).name = "Same"
        states = self.assertSecondBeginsAgain()
        self.assertEqual({state for state, _reason in states.values()}, {"done"})
