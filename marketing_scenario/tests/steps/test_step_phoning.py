from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepPhoning(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "marketing_scenario.group_scenario_user,sales_team.group_sale_salesman_all_leads"
        cls.agent, cls.other = (new_test_user(cls.env, f"agent{i}", groups=groups) for i in (1, 2))
        cls.campaign = cls.env["marketing.phoning.campaign"].create(
            {"name": "Renewals", "user_ids": [(6, 0, cls.agent.ids)], "max_tries": 2, "retry_hours": 4}
        )

    def _scenario(self, **vals):
        return self._scenario_of("phoning", {"phoning_campaign_id": self.campaign.id, **vals})

    def _next(self, user=None):
        return self.campaign.with_user(user or self.agent)._next_call()

    def test_contact_account_and_lead(self):
        enrollments = self._walk(self._scenario())
        calls = self.campaign.call_ids.sorted("id")
        self.assertEqual(calls.mapped("phone"), ["+33612345678", "+33612345679", "+33612345680"])
        self.assertEqual(calls.mapped("name"), ["Léa Martin", "Big Corp", "Paul Dupont"])
        self.assertEqual(calls.enrollment_id, enrollments)
        self.assertEqual(set(enrollments.mapped("state")), {"done"})

    def test_refusals(self):
        for reason, vals in {
            "no_consent": {"marketing_optin": False},
            "refused_phone": {"marketing_refuse_phone": True},
            "refused_all": {"marketing_refuse_all": True},
            "no_phone": {"phone": False},
            "invalid_phone": {"marketing_invalid_phone": True},
        }.items():
            with self.subTest(reason):
                # a number of one's own: an opt-out speaks for every record that has it
                number = f"+33 1 42 68 53 {self.env['res.partner'].search_count([]) % 90 + 10}"
                person = self._make_contact("Someone", country_id=self.env.ref("base.fr").id, phone=number)
                person.write(vals)
                self.assertSkipped(self._walk(self._scenario(), person), reason)
        self.env["phone.blacklist"].add("+33612345678")
        self.assertSkipped(self._walk(self._scenario(), self.contact), "blacklisted")

    def test_listed_at_any_hour(self):
        self.set_now(self.now.replace(hour=23))
        self.assertEqual(self._walk(self._scenario(), self.contact).state, "done")
        self.assertEqual(self.campaign.call_ids.partner_id, self.contact)

    def test_once_on_the_list(self):
        for _scenario in range(2):
            self._walk(self._scenario(), self.contact)
        self.assertEqual(len(self.campaign.call_ids), 1)

    def test_calling_one_after_the_other(self):
        self._walk(self._scenario(), self.contact, self.lead)
        first = self._next()
        self.assertEqual((first.name, first.user_id), ("Léa Martin", self.agent))
        self.assertEqual(self._next(), first, "still open")
        action = first.with_context(outcome="interested").action_outcome()
        self.assertEqual((first.state, first.outcome, first.done_at), ("done", "interested", self.now))
        self.assertEqual(action["res_id"], self._next().id)
        self.assertEqual(self._next().lead_id, self.lead)
        self._next()._note_outcome("not_interested")
        self.assertFalse(self._next())
        self.assertEqual(self.campaign.with_user(self.agent).action_call()["tag"], "display_notification")

    def test_no_answer_comes_back_then_is_given_up(self):
        self._walk(self._scenario(), self.contact)
        call = self._next()
        call._note_outcome("no_answer")
        self.assertEqual(
            (call.state, call.callback_at, call.user_id.id), ("callback", self.now + timedelta(hours=4), False)
        )
        self.assertFalse(self._next())
        self.forward(hours=4)
        self._next()._note_outcome("voicemail")
        self.assertEqual((call.state, call.tries), ("done", 2))

    def test_call_back(self):
        self._walk(self._scenario(), self.contact)
        call = self._next()
        with self.assertRaises(UserError):
            call._note_outcome("callback")
        call.callback_at = self.now + timedelta(days=1)
        call._note_outcome("callback")
        self.assertEqual((call.state, call.user_id), ("callback", self.agent))
        self.forward(days=1)
        self.assertEqual(self._next(), call)

    def test_refusal_and_wrong_number_reach_the_person(self):
        self._walk(self._scenario(), self.contact, self.lead)
        self._next()._note_outcome("refused")
        self._next()._note_outcome("wrong_number")
        self.assertTrue(self.contact.marketing_refuse_phone)
        self.assertTrue(self.lead.marketing_invalid_phone)
        self.assertIn("Renewals", self.contact.message_ids[0].body)

    def test_who_refuses_meanwhile_is_not_called(self):
        self._walk(self._scenario(), self.contact)
        self.contact.marketing_refuse_phone = True
        self.assertFalse(self._next())
        self.assertEqual(self.campaign.call_ids.state, "cancelled")

    def test_outcome_is_an_event(self):
        events = self.env["marketing.automatism.event"]
        self._walk(self._scenario(), self.contact)
        noted = []
        self.patch(
            type(events), "_note", lambda _self, kind, records, payload=None: noted.append((kind, records.ids, payload))
        )
        call = self._next()
        call._note_outcome("appointment")
        self.assertEqual(
            noted,
            [
                (
                    "call_done",
                    self.contact.ids,
                    {"outcome": "appointment", "campaign_id": self.campaign.id, "call_id": call.id},
                )
            ],
        )

    def test_agents_see_their_campaigns_only(self):
        self._walk(self._scenario(), self.contact)
        calls = self.env["marketing.phoning.call"]
        self.assertTrue(calls.with_user(self.agent).search([]))
        self.assertFalse(calls.with_user(self.other).search([]))
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.agent).name = "Mine"

    def test_check(self):
        self.assertEqual(self._issue_codes(self._scenario(phoning_campaign_id=False)), ["no_campaign"])
        self.campaign.active = False
        self.assertEqual(self._issue_codes(self._scenario()), ["campaign_archived"])

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=40)
