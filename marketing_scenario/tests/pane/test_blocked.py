"""Messages that did not go: by reason, with the remedy for many at once (S44)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hello</p>"}


@tagged("post_install", "-at_install")
class TestBlocked(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(("email", MAIL, "Offer"), ("pause", {"pause_days": 9}, "Wait"))
        self.shy = self._make_contact("Shy", "shy@example.com", marketing_optin=False)
        self.mute = self._make_contact("Mute")

    def _blocked(self, user=None):
        traces = self.env["marketing.scenario.trace"].with_user(user or self.env.user)
        return traces.search([("is_blocked", "=", True), ("scenario_id", "=", self.scenario.id)], order="id")

    def test_each_is_listed_with_its_reason_and_remedy(self):
        self._walk(self.scenario, self.contact, self.shy, self.mute)
        blocked = self._blocked()
        self.assertEqual(
            [(trace.target_name, trace.reason) for trace in blocked], [("Shy", "no_consent"), ("Mute", "no_email")]
        )
        self.assertIn("once they have agreed", blocked[0].remedy)
        self.assertIn("Enter an email address", blocked[1].remedy)
        others = self.env["marketing.scenario.trace"].search(
            [("is_blocked", "=", False), ("scenario_id", "=", self.scenario.id)]
        )
        self.assertFalse(others & blocked)
        self.assertIn(self.contact, others.enrollment_id.partner_id)

    def test_what_was_mended_goes_and_is_listed_no_more(self):
        runs = self._walk(self.scenario, self.shy, self.mute)
        action = self._blocked().action_blocked_people()
        records = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(records, self.shy + self.mute)
        self.shy.marketing_optin = True
        told = self._blocked().action_try_again()
        self.assertIn("2 go back", told["params"]["message"])
        self.run_due()
        self.assertEqual(self._blocked().enrollment_id, runs[1], "one still has no address")
        self.assertEqual(self.path(runs[0])[-1], "Offer:next")
        self.assertEqual(runs.mapped("step_id.name"), ["Wait"])

    def test_who_left_is_left_alone(self):
        runs = self._walk(self.scenario, self.shy)
        trace = self._blocked()
        runs.action_take_out()
        self.assertFalse(self._blocked())
        self.assertIn("0 go back to their message; 1 have left", trace.action_try_again()["params"]["message"])
        self.assertEqual(runs.state, "stopped")

    def test_contacts_and_leads_have_lists_of_their_own(self):
        lead = self._make_lead("Oak", email_from="oak@example.com", marketing_optin=False)
        self._walk(self.scenario, self.shy, lead)
        with self.assertRaisesRegex(UserError, "filter “Leads”"):
            self._blocked().action_blocked_people()
        action = self._blocked().filtered("enrollment_id.lead_id").action_blocked_people()
        self.assertEqual((action["res_model"], action["domain"]), ("crm.lead", [("id", "in", lead.ids)]))

    def test_a_salesperson_sees_and_mends_their_own_people(self):
        mine = self._make_lead("Mine", email_from="m@example.com", marketing_optin=False, user_id=self.seller.id)
        theirs = self._make_lead("Theirs", email_from="t@example.com", marketing_optin=False, user_id=self.env.uid)
        runs = self._walk(self.scenario, mine, theirs)
        blocked = self._blocked(self.seller)
        self.assertEqual(blocked.enrollment_id, runs[0])
        blocked.action_try_again()
        self.assertEqual(runs.mapped("step_id.name"), ["Offer", "Wait"])
