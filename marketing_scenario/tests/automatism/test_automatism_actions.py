from datetime import timedelta

from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY


@tagged("post_install", "-at_install")
class TestAutomatismActions(AutomatismCase):
    """Then: what automatisms do, on which records, how many statements it takes."""

    def fire(self, records, *actions):
        automatism = self._make_automatism("mail_opened", *actions)
        self.env["marketing.automatism.event"]._note("mail_opened", records)
        self.process()
        self.assertFalse(automatism.last_error)
        return automatism

    def test_in_order(self):
        lead = self._make_lead(partner_id=self.contact.id)
        self.fire(
            lead,
            {"kind": "tag_add", "tag_id": self.tag.id, "sequence": 1},
            {"kind": "tag_add", "tag_lead_id": self.lead_tag.id, "sequence": 2},
            {"kind": "score", "score_points": 7, "sequence": 3},
            {"kind": "assign", "assign_user_id": self.env.ref("base.user_admin").id, "sequence": 4},
        )
        self.assertEqual(self.contact.category_id, self.tag)
        self.assertEqual(lead.tag_ids, self.lead_tag)
        self.assertEqual((lead.marketing_score, self.contact.marketing_score), (7, 7))
        self.assertEqual(lead.user_id, self.env.ref("base.user_admin"))

    def test_take_out_of_one_and_of_all(self):
        second = self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Second")
        first_run, second_run = self._enroll(self.scenario, self.contact), self._enroll(second, self.contact)
        self.fire(self.contact, {"kind": "take_out", "scenario_id": second.id})
        self.assertEqual((first_run.state, second_run.state), ("running", "stopped"))
        self.assertEqual(second_run.end_reason, "automatism")
        self.fire(self.contact, {"kind": "take_out"})
        self.assertEqual(first_run.state, "stopped")

    def test_activity_for_the_salesperson(self):
        admin = self.env.ref("base.user_admin")
        lead = self._make_lead(user_id=admin.id)
        call = self.env.ref("mail.mail_activity_data_call")
        self.fire(
            lead, {"kind": "activity", "activity_type_id": call.id, "activity_summary": "Ring", "activity_days": 2}
        )
        activity = lead.activity_ids
        self.assertEqual((activity.activity_type_id, activity.summary, activity.user_id), (call, "Ring", admin))
        self.assertEqual(activity.date_deadline, (MONDAY + timedelta(days=2)).date())

    def test_status_of_the_account(self):
        account = self._make_contact("ACME", is_company=True)
        self.contact.parent_id = account
        supplier = self.env.ref("marketing_scenario.account_status_supplier")
        self.fire(self.contact, {"kind": "account_status", "account_status_id": supplier.id})
        self.assertEqual(account.account_status_id, supplier)

    def test_on_whom(self):
        account = self._make_contact("ACME", is_company=True)
        self.contact.parent_id = account
        colleague = self._make_contact("Bob", parent_id=account.id)
        lead, lost = self._make_lead("L", partner_id=self.contact.id), self._make_lead("X", partner_id=self.contact.id)
        lost.action_set_lost()
        action = self._make_automatism("mail_opened", {"kind": "score", "score_points": 1}).action_ids

        def on(apply_to, records):
            action.apply_to = apply_to
            return self.env[action._targets(records)[0]._name].union(*action._targets(records))

        self.assertEqual(on("record", lead), lead)
        self.assertEqual(on("contact", lead), self.contact)
        self.assertEqual(on("account", lead), account)
        self.assertEqual(on("contacts", lead), self.contact + colleague)
        self.assertEqual(on("leads", self.contact), lead)
        self.assertEqual(on("leads", colleague), self.env["crm.lead"])
        self.assertEqual(on("leads", account), lead)
        self.assertIn("on: ", action.summary)

    def test_statements_do_not_follow_the_number_of_records(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._make_automatism(
            "mail_opened",
            {"kind": "enroll", "scenario_id": self.scenario.id},
            {"kind": "tag_add", "tag_id": self.tag.id},
            {"kind": "score", "score_points": 1},
            {"kind": "assign", "assign_user_id": self.env.ref("base.user_admin").id},
        )
        self.assertTrue(call)
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(201)])
        note = self.env["marketing.automatism.event"]._note

        def run(records):
            note("mail_opened", records)
            self.process()

        run(self.contact)
        one, many = self.statements(lambda: run(people[:1])), self.statements(lambda: run(people[1:]))
        self.assertLess(many - one, 0.05 * 200)
        self.assertEqual(set(people.mapped("marketing_score")), {1})
