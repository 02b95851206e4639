from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleActivityDone(RuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call, cls.visit = cls.env["mail.activity.type"].create([{"name": "Call"}, {"name": "Visit"}])

    def _do(self, record, day, kind=None):
        activity = record.activity_schedule(activity_type_id=(kind or self.call).id, user_id=self.env.uid)
        activity.action_feedback()
        activity.marketing_done_at = f"{day} 10:00:00"

    def _rule(self, **vals):
        return {"kind": "activity_done", "activity_type_id": self.call.id, **vals}

    def test_since_entry(self):
        self._do(self.contact, "2026-03-02")
        self._do(self.account, "2026-03-01")
        self._do(self.lead, "2026-03-02", self.visit)
        self.assertAnswers(self._rule(), {self.contact: "yes", self.account: "no", self.lead: "no"})
        self.assertAnswers(self._rule(activity_type_id=False), {self.lead: "yes"})

    def test_ever(self):
        self._do(self.account, "2020-01-01")
        self.assertAnswers(self._rule(activity_since="ever"), {self.contact: "no", self.account: "yes"})

    def test_done_is_not_forgotten_when_records_become_one(self):
        twin, other = self._make_contact("Twin", "twin@example.com"), self._make_lead("Other")
        self._do(twin, "2026-03-02")
        self._do(other, "2026-03-02")
        self.env["base.partner.merge.automatic.wizard"]._merge((self.contact + twin).ids, self.contact)
        survivor = (self.lead + other).merge_opportunity()
        self.assertAnswers(self._rule(activity_since="ever"), {self.contact: "yes", survivor: "yes"})

    def test_planned_is_not_done(self):
        self.contact.activity_schedule(activity_type_id=self.call.id, user_id=self.env.uid)
        self.assertAnswers(self._rule(activity_since="ever"), {self.contact: "no"})

    def test_a_lead_counts_its_contact(self):
        self.lead.partner_id = self.contact
        self._do(self.contact, "2026-03-02")
        self.assertAnswers(self._rule(), {self.lead: "yes"})

    def test_done_before_the_entry_on_the_same_day_does_not_count(self):
        self.contact.activity_schedule(activity_type_id=self.call.id, user_id=self.env.uid).action_feedback()
        self.forward(hours=1)
        self.assertAnswers(self._rule(), {self.contact: "no"})

    def _planned(self, result, loop=False):
        """Activity → IF that waits for what becomes of it → back to the activity, or End."""
        scenario = self._make_scenario(
            ("activity", {"activity_type_id": self.call.id}, "plan"),
            ("if", {"if_wait_days": 5}, "ask", {"yes": [("pause", {"pause_days": 1}, "yes"), ("goto", {}, "back")]}),
            active=False,
        )
        rule = {
            "kind": "activity_done",
            "activity_step_id": self._step(scenario, "plan").id,
            "activity_result": result,
        }
        self._step(scenario, "ask").rule_ids = [(0, 0, rule)]
        self._step(scenario, "back").goto_step_id = self._step(scenario, "plan")
        scenario.action_activate()
        return self._walk(scenario, self.contact)

    def _activity(self, enrollment):
        return self.env["mail.activity"].search([("marketing_enrollment_id", "=", enrollment.id)])

    def _react(self):
        self.env["marketing.automatism.event"]._process()
        self.run_due()

    def test_only_the_activity_of_the_step_answers(self):
        enrollment = self._planned("done")
        self.contact.activity_schedule(activity_type_id=self.call.id, user_id=self.env.uid).action_feedback()
        self._react()
        self.assertEqual(enrollment.step_id.name, "ask", "a colleague's own activity is another one")
        of_another_step = {"marketing_enrollment_id": enrollment.id, "marketing_step_id": enrollment.step_id.id}
        self.contact.activity_schedule(
            activity_type_id=self.call.id, user_id=self.env.uid, **of_another_step
        ).action_feedback()
        self._react()
        self.assertEqual(enrollment.step_id.name, "ask", "so is that of another step of this run")
        self._activity(enrollment).action_feedback()
        self._react()
        self.assertEqual(enrollment.step_id.name, "yes")
        self.forward(days=1)
        self.assertEqual(enrollment.step_id.name, "ask", "that of the first turn does not answer for the second")
        self._activity(enrollment).action_feedback()
        self._react()
        self.assertEqual(enrollment.step_id.name, "yes")

    def test_a_cancelled_activity_is_an_answer(self):
        for result, expected in (("cancelled", "yes"), ("over", "yes"), ("done", "ask")):
            with self.subTest(result):
                self.contact = self._make_contact(f"Cancelled {result}")
                enrollment = self._planned(result)
                self._activity(enrollment).unlink()
                self._react()
                self.assertEqual(enrollment.step_id.name, expected)
                self.assertIn("plan:cancelled", self.path(enrollment))
                if result == "cancelled":
                    self.forward(days=1)
                    self.assertEqual(enrollment.step_id.name, "ask", "the new one is not cancelled")

    def test_a_cancelled_activity_needs_its_step(self):
        scenario = self._asking(self._rule(activity_result="cancelled"))
        self.assertIn("Choose the step", self._rule_messages(scenario)[0])

    def test_summary(self):
        rule = self._step(self._asking(self._rule()), "if").rule_ids
        self.assertEqual((rule.summary, rule._validate()), ("Call was done since entry", []))
