from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleMember(RuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._make_scenario(("pause", {"pause_days": 3}, "wait"), name="Other", reentry="never")

    def _rule(self, state="inside"):
        return {"kind": "member", "member_scenario_id": self.other.id, "member_state": state}

    def test_inside_finished_ever(self):
        self._walk(self.other, self.contact, self.lead)
        everybody = {self.contact: "yes", self.account: "no", self.lead: "yes"}
        nobody = dict.fromkeys(everybody, "no")
        self.assertAnswers(self._rule(), everybody)
        self.assertAnswers(self._rule("finished"), nobody)
        self.forward(days=3)
        self.assertAnswers(self._rule(), nobody)
        self.assertAnswers(self._rule("finished"), everybody)
        self.assertAnswers(self._rule("ever"), everybody)

    def test_a_lead_counts_its_contact(self):
        self._walk(self.other, self.contact)
        self.lead.partner_id = self.contact
        self.assertAnswers(self._rule(), {self.lead: "yes"})

    def test_check(self):
        scenario = self._asking({"kind": "member"})
        rule = self._step(scenario, "if").rule_ids
        self.assertEqual(len(rule._validate()), 1)
        rule.member_scenario_id = self.other
        rule.invalidate_recordset(["summary"])
        self.assertEqual(rule.summary, "is inside now: Other")
        with self.assertRaises(ValidationError):
            rule.member_scenario_id = scenario
