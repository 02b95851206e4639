from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleOpportunity(RuleCase):
    def _deal(self, partner, won=False, **vals):
        deal = self.env["crm.lead"].create({"name": "Deal", "type": "opportunity", "partner_id": partner.id, **vals})
        if won:
            deal.action_set_won()
            deal.date_closed = self.now
        return deal

    def test_of_a_contact_and_of_the_people_of_an_account(self):
        member = self._make_contact("Member", "member@corp.example.com", parent_id=self.account.id)
        self._deal(self.contact)
        self._deal(member, won=True)
        people = (self.contact, self.account, self.lead)
        for result, answers in (("created", ("yes", "yes", "no")), ("won", ("no", "yes", "no"))):
            with self.subTest(result):
                rule = {"kind": "opportunity", "opportunity_result": result, "opportunity_since": "ever"}
                self.assertAnswers(rule, dict(zip(people, answers, strict=True)))

    def test_of_a_lead_itself(self):
        self.lead.write({"type": "opportunity"})
        self.lead.action_set_won()
        rule = {"kind": "opportunity", "opportunity_result": "won", "opportunity_since": "ever"}
        self.assertAnswers(rule, {self.lead: "yes", self.contact: "no"})

    def test_what_was_before_the_entry_counts_with_ever_only(self):
        deal = self._deal(self.contact, won=True)
        deal.date_closed = "2020-01-01 00:00:00"
        for since, answer in (("entry", "no"), ("ever", "yes")):
            with self.subTest(since):
                rule = {"kind": "opportunity", "opportunity_result": "won", "opportunity_since": since}
                self.assertAnswers(rule, {self.contact: answer})
