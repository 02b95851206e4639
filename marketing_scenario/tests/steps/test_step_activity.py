from datetime import date

from odoo.tests import new_test_user, tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepActivity(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env["mail.activity.type"].create({"name": "Call back", "icon": "fa-phone"})

    def _scenario(self, **vals):
        settings = {"activity_type_id": self.call.id, "activity_summary": "Clicked the offer", **vals}
        return self._scenario_of("activity", settings)

    def _activities(self, *records):
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search([("activity_type_id", "=", self.call.id)], order="id")
        )

    def test_contact_account_and_lead(self):
        self._walk(self._scenario(activity_note="<p>Ask for the budget</p>"))
        activities = self._activities()
        self.assertEqual(
            [(activity.res_model, activity.res_id) for activity in activities],
            [("res.partner", self.contact.id), ("res.partner", self.account.id), ("crm.lead", self.lead.id)],
        )
        self.assertEqual(set(activities.mapped("summary")), {"Clicked the offer"})
        self.assertEqual(activities.user_id, self.seller)
        self.assertTrue(all(activities.mapped("automated")))
        self.assertIn("Ask for the budget", activities[0].note)

    def test_due_on_the_users_calendar(self):
        self.seller.tz = "Pacific/Auckland"
        self.set_now(self.now.replace(hour=20))  # already the next day there
        self._walk(self._scenario(activity_days=3), self.contact)
        self.assertEqual(self._activities().date_deadline, date(2026, 3, 6))

    def test_same_day(self):
        self._walk(self._scenario(), self.contact)
        self.assertEqual(self._activities().date_deadline, date(2026, 3, 2))

    def test_fixed_user(self):
        boss = new_test_user(self.env, "boss.activity", groups="sales_team.group_sale_manager")
        self._walk(self._scenario(activity_assign="fixed", activity_user_id=boss.id))
        self.assertEqual(self._activities().user_id, boss)

    def test_user_of_a_field(self):
        self._walk(self._scenario(activity_assign="field", activity_user_field="create_uid"), self.lead)
        self.assertEqual(self._activities().user_id, self.lead.create_uid)

    def test_nobody_assigned_falls_back_on_the_owner(self):
        scenario = self._scenario()
        self.contact.user_id = False
        self._walk(scenario, self.contact)
        self.assertEqual(self._activities().user_id, scenario.user_id)

    def test_notify_one_message_per_user(self):
        scenario = self._scenario(activity_notify=True)
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._walk(scenario)
        messages = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.seller.partner_id.ids),
            ]
        )
        self.assertEqual(len(messages), 1)
        self.assertEqual(str(messages.body).count("Clicked the offer"), 3)

    def test_without_notify_nobody_is_told(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._walk(self._scenario())
        self.assertFalse(
            self.env["mail.message"].search([("id", ">", before), ("partner_ids", "in", self.seller.partner_id.ids)])
        )

    def test_close_at_once(self):
        self._walk(self._scenario(activity_close=True))
        activities = self._activities()
        self.assertEqual(activities.mapped("active"), [False] * 3)
        self.assertTrue(all(activities.mapped("date_done")))
        self.assertIn("Clicked the offer", self.lead.message_ids[0].body)

    def test_close_plans_what_the_type_chains(self):
        after = self.env["mail.activity.type"].create({"name": "Offer"})
        self.call.write({"chaining_type": "trigger", "triggered_next_type_id": after.id})
        self._walk(self._scenario(activity_close=True), self.lead)
        self.assertEqual(self.env["mail.activity"].search([("activity_type_id", "=", after.id)]).res_id, self.lead.id)

    def test_check(self):
        scenario = self._scenario(activity_type_id=False, activity_assign="fixed")
        self.assertEqual(self._issue_codes(scenario), ["no_activity_type", "no_user"])
        scenario = self._scenario(activity_assign="field")
        self.assertEqual(self._issue_codes(scenario), ["no_field"])
        self.call.res_model = "crm.lead"
        self.assertEqual(self._issue_codes(self._scenario()), ["wrong_activity_type"])

    def test_budget(self):
        self.assertBudget(self._scenario(activity_close=True), constant=70, user_id=self.seller.id)
