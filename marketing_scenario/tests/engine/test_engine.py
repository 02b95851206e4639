from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestEngine(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.other_tag = cls.env["res.partner.category"].create({"name": "Marked"})

    def _vip_scenario(self, **vals):
        return self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"),
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": self.tag.id})]},
                "vip?",
                {"yes": [("end", {}, "out")], "no": [("tag", {"tag_id": self.other_tag.id}, "mark")]},
            ),
            **vals,
        )

    def test_journey_each_takes_its_branch(self):
        vip = self._make_contact("Vip", "vip@example.com", category_id=[(4, self.tag.id)])
        scenario = self._vip_scenario()
        enrollments = self._enroll(scenario, self.contact + vip)
        self.assertEqual(self.run_due(), 2)
        self.assertEqual(set(enrollments.mapped("next_run_at")), {MONDAY + timedelta(days=1)})
        self.assertEqual(set(enrollments.mapped("wait_reason")), {"pause"})
        self.assertEqual(self.run_due(), 0, "nobody is due before the pause ends")
        self.forward(days=1)
        self.assertJourney(enrollments[0], "wait:next", "vip?:no", "mark:next", "End:end")
        self.assertJourney(enrollments[1], "wait:next", "vip?:yes", "out:end")
        self.assertEqual(set(enrollments.mapped("state")), {"done"})
        self.assertIn(self.other_tag, self.contact.category_id)
        self.assertNotIn(self.other_tag, vip.category_id)

    def test_all_kinds_walk_the_same_scenario(self):
        account = self._make_contact("ACME", is_company=True)
        lead = self._make_lead("Chairs", partner_id=self._make_contact("Buyer").id)
        scenario = self._vip_scenario()
        partners = self._enroll(scenario, self.contact + account)
        leads = self._enroll(scenario, lead)
        self.assertEqual((partners | leads).mapped("target_kind"), ["contact", "account", "lead"])
        self.run_due()
        self.forward(days=1)
        self.assertEqual(set((partners | leads).mapped("state")), {"done"})

    def test_deactivated_moves_nobody_then_goes_on(self):
        scenario = self._vip_scenario()
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        due = enrollment.next_run_at
        scenario.action_deactivate()
        self.assertEqual(self.forward(days=3), 0)
        self.assertEqual((enrollment.step_id.name, enrollment.next_run_at), ("wait", due))
        scenario.with_context(marketing_overdue="run_now").action_activate()
        self.run_due()
        self.assertJourney(enrollment, "wait:next", "vip?:no", "mark:next", "End:end")

    def test_reactivation_with_overdue_asks_first(self):
        scenario = self._vip_scenario()
        contacts = self.contact + self._make_contact("B") + self._make_contact("C") + self._make_contact("D")
        enrollments = self._enroll(scenario, contacts)
        self.run_due()
        scenario.action_deactivate()
        self.forward(days=3, run=False)
        question = scenario.action_activate()
        self.assertEqual(question["params"], {"scenario_id": scenario.id})
        self.assertEqual(scenario.state, "inactive", "nothing happens before the answer")
        self.assertEqual(scenario.canvas_check()["overdue"], 4)
        scenario.with_context(marketing_overdue="spread", marketing_overdue_hours=4).action_activate()
        self.assertEqual(scenario.state, "active")
        moments = sorted(enrollment.next_run_at - self.now for enrollment in enrollments)
        self.assertEqual(moments, [timedelta(hours=hours) for hours in range(4)])

    def test_start_date_holds_those_who_entered(self):
        scenario = self._vip_scenario(date_start=MONDAY + timedelta(days=2))
        enrollment = self._enroll(scenario, self.contact)
        self.assertEqual(self.run_due(), 0)
        self.assertEqual(enrollment.next_run_at, scenario.date_start)
        self.forward(days=2)
        self.assertEqual(enrollment.step_id.name, "wait")

    def test_one_bad_record_does_not_stop_the_others(self):
        contacts = self.env["res.partner"].create([{"name": f"Contact {n}"} for n in range(20)])
        bad = contacts[13]
        scenario = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"))
        enrollments = self._enroll(scenario, contacts)
        step = type(self.env["marketing.scenario.step"])
        execute = step._execute_tag

        def fail_for_bad(self, run, group):
            if bad in group.partner_id:
                self.env.cr.execute("SELECT 1/0")
            return execute(self, run, group)

        with (
            patch.object(step, "_execute_tag", fail_for_bad),
            mute_logger("odoo.sql_db", "odoo.addons.marketing_scenario.models.engine.engine"),
        ):
            self.run_due()
            culprit = enrollments[13]
            self.assertEqual((enrollments - culprit).mapped("state"), ["done"] * 19)
            self.assertEqual((contacts - bad).category_id, self.tag)
            self.assertEqual((culprit.state, culprit.attempts, culprit.wait_reason), ("running", 1, "retry"))
            self.assertIn("division by zero", culprit.error_message)
            for minutes in (1, 10, 60, 360, 1440):
                self.assertEqual(culprit.next_run_at, self.now + timedelta(minutes=minutes))
                self.forward(minutes=minutes)
        self.assertEqual((culprit.state, culprit.next_run_at), ("error", False))
        self.assertEqual(self.forward(days=30), 0, "an error is never retried without end")
        culprit.action_resume()
        self.run_due()
        self.assertEqual(culprit.state, "done")

    def test_step_that_forgets_an_enrollment_is_an_error(self):
        scenario = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"))
        enrollment = self._enroll(scenario, self.contact)
        step = type(self.env["marketing.scenario.step"])
        with (
            patch.object(step, "_execute_tag", lambda *args: None),
            mute_logger("odoo.addons.marketing_scenario.models.engine.engine"),
        ):
            self.run_due()
        self.assertIn("did not decide", enrollment.error_message)

    def test_loop_ends_at_the_visit_limit(self):
        scenario = self._make_scenario(("pause", {"pause_hours": 1}, "wait"), ("goto", {}, "again"), visit_limit=3)
        self._step(scenario, "again").goto_step_id = self._step(scenario, "wait")
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        for _turn in range(10):
            self.forward(hours=1)
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "visit_limit"))
        self.assertEqual(self.path(enrollment).count("wait:next"), 3)

    def test_fair_share_between_scenarios(self):
        contacts = self.env["res.partner"].create([{"name": f"Contact {n}"} for n in range(50)])
        huge = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"), name="Huge")
        small = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"), name="Small")
        self._enroll(huge, contacts)
        last = self._enroll(small, self.contact)
        self.env["marketing.scenario.engine"]._run_due(limit=10)
        self.assertEqual(last.state, "done", "the small one does not wait for the huge one")

    def test_same_statements_for_1_and_200(self):
        scenario = self._vip_scenario()
        counts = []
        for number in (1, 1, 200):
            contacts = self.env["res.partner"].create([{"name": f"Contact {n}"} for n in range(number)])
            self._enroll(scenario, contacts)
            self.run_due()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.forward(days=1), number)
            counts.append(self.env.cr.sql_log_count - before)
        _filling_caches, *counts = counts
        self.assertEqual(*counts, "the number of statements does not depend on the number of people")

    def test_wait_up_to_leaves_when_true_or_at_the_deadline(self):
        scenario = self._make_scenario(
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "score", "score_value": 10})], "if_wait_days": 2},
                "hot?",
                {"yes": [("end", {}, "hot")], "no": [("end", {}, "cold")]},
            )
        )
        other = self._make_contact("Other")
        enrollments = self._enroll(scenario, self.contact + other)
        self.run_due()
        self.assertEqual(set(enrollments.mapped("wait_reason")), {"wait_event"})
        self.contact._add_score(12, "test")
        enrollments[0].action_run_now()
        self.run_due()
        self.assertJourney(enrollments[0], "hot?:yes", "hot:end")
        self.forward(days=2)
        self.assertJourney(enrollments[1], "hot?:timeout", "cold:end")

    def test_deleted_target_ends_its_run(self):
        scenario = self._vip_scenario()
        lead = self._make_lead()
        enrollments = self._enroll(scenario, self.contact) + self._enroll(scenario, lead)
        self.run_due()
        self.contact.unlink()
        lead.unlink()
        self.assertEqual(enrollments.mapped("end_reason"), ["target_deleted"] * 2)
        self.assertEqual(self.forward(days=1), 0)

    def test_target_deleted_behind_our_back_ends_its_run(self):
        scenario = self._vip_scenario()
        enrollment = self._enroll(scenario, self._make_contact("Ghost"))
        self.run_due()
        self.env.flush_all()
        self.env.cr.execute("UPDATE marketing_scenario_enrollment SET partner_id = NULL WHERE id = %s", [enrollment.id])
        self.env.invalidate_all()
        self.forward(days=1)
        self.assertEqual((enrollment.state, enrollment.end_reason), ("stopped", "target_deleted"))

    def test_cron_commits_progress_and_plans_its_next_wake(self):
        scenario = self._vip_scenario()
        self._enroll(scenario, self.contact)
        cron = self.env.ref("marketing_scenario.ir_cron_run_due")
        self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        moments = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertEqual(moments, [MONDAY + timedelta(days=1)])

    def test_idle_ticks_plan_one_wake_up(self):
        """An idle tick costs next to nothing, and leaves nothing behind."""
        self._enroll(self._vip_scenario(), self.contact)
        cron = self.env.ref("marketing_scenario.ir_cron_run_due")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 10)
        engine = self.env["marketing.scenario.engine"]
        engine._cron_run_due()
        engine._cron_run_due()
        before = self.env.cr.sql_log_count
        engine._cron_run_due()
        self.env.flush_all()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
        self.assertEqual(triggers.search([("cron_id", "=", cron.id)]).call_at, MONDAY + timedelta(days=1))
        self._enroll(self._make_scenario(("pause", {"pause_hours": 2}, "wait")), self._make_contact("Other"))
        engine._cron_run_due()
        moments = triggers.search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertIn(MONDAY + timedelta(hours=2), moments, "an earlier moment is planned as well")
