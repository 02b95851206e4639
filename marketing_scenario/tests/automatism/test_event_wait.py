from datetime import timedelta

from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY


@tagged("post_install", "-at_install")
class TestEventWait(AutomatismCase):
    """Conditions that wait look again as soon as something they wait for happens (S24)."""

    def waiting(self, rule):
        return self._make_scenario(
            (
                "if",
                {"if_wait_days": 5, "rule_ids": [(0, 0, rule)]},
                "wait",
                {"yes": [("pause", {"pause_days": 9}, "in")], "no": []},
            ),
            name="Waiting",
        )

    def enter(self, scenario, record):
        enrollment = self._enroll(scenario, record)
        self.run_due()
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=5))
        return enrollment

    def test_tag_on_the_contact_of_a_lead(self):
        scenario = self.waiting({"kind": "tag", "tag_id": self.tag.id})
        lead = self._make_lead(partner_id=self.contact.id)
        bystander = self.enter(scenario, self._make_contact("Bystander"))
        enrollment = self.enter(scenario, lead)
        self.forward(hours=1)
        self.contact.category_id = self.tag
        self.process()
        self.assertEqual(enrollment.next_run_at, self.now)
        self.run_due()
        self.assertJourney(enrollment, "wait:yes")
        self.assertEqual(enrollment.step_id.name, "in")
        self.assertEqual(bystander.next_run_at, MONDAY + timedelta(days=5))

    def test_tag_on_the_lead_itself(self):
        scenario = self.waiting({"kind": "tag", "tag_lead_id": self.lead_tag.id})
        lead = self._make_lead()
        enrollment = self.enter(scenario, lead)
        lead.tag_ids = self.lead_tag
        self.process()
        self.run_due()
        self.assertJourney(enrollment, "wait:yes")

    def test_score_of_the_contact_wakes_its_lead(self):
        scenario = self.waiting({"kind": "score", "score_value": 20})
        enrollment = self.enter(scenario, self._make_lead(partner_id=self.contact.id))
        self.contact._add_score(10, "test")
        self.process()
        self.run_due()
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=5))
        self.contact._add_score(10, "test")
        self.process()
        self.run_due()
        self.assertJourney(enrollment, "wait:yes")

    def test_status_of_the_account_wakes_its_people(self):
        customer = self.env.ref("marketing_scenario.account_status_customer")
        scenario = self.waiting({"kind": "account_status", "account_status_ids": customer.ids})
        account = self._make_contact("ACME", is_company=True)
        self.contact.parent_id = account
        lead = self._make_lead(partner_id=self._make_contact("Colleague", parent_id=account.id).id)
        enrollments = [self.enter(scenario, record) for record in (account, self.contact, lead)]
        account.account_status_id = customer
        self.process()
        self.run_due()
        for enrollment in enrollments:
            self.assertJourney(enrollment, "wait:yes")

    def test_listens_only_while_active_and_waiting(self):
        listened = self.env["marketing.automatism.event"]._listened
        scenario = self.waiting({"kind": "tag", "tag_id": self.tag.id})
        self.assertIn("tag_added", listened())
        scenario.action_deactivate()
        self.assertNotIn("tag_added", listened())
        scenario.action_activate()
        self.assertIn("tag_added", listened())
        self._step(scenario, "wait").if_wait_days = 0
        self.assertNotIn("tag_added", listened())

    def test_rule_added_while_active(self):
        scenario = self.waiting({"kind": "tag", "tag_id": self.tag.id})
        listened = self.env["marketing.automatism.event"]._listened
        self.assertNotIn("score_changed", listened())
        self._step(scenario, "wait").rule_ids = [(0, 0, {"kind": "score", "score_value": 1})]
        self.assertIn("score_changed", listened())
