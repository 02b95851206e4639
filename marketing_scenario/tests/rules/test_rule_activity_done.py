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
        activity.date_done = day

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

    def test_planned_is_not_done(self):
        self.contact.activity_schedule(activity_type_id=self.call.id, user_id=self.env.uid)
        self.assertAnswers(self._rule(activity_since="ever"), {self.contact: "no"})

    def test_a_lead_counts_its_contact(self):
        self.lead.partner_id = self.contact
        self._do(self.contact, "2026-03-02")
        self.assertAnswers(self._rule(), {self.lead: "yes"})

    def test_summary(self):
        rule = self._step(self._asking(self._rule()), "if").rule_ids
        self.assertEqual((rule.summary, rule._validate()), ("Call was done since entry", []))
