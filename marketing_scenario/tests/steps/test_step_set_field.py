from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepSetField(StepCase):
    def _scenario(self, **vals):
        return self._scenario_of("set_field", vals)

    def test_contact_account_and_lead(self):
        self._walk(
            self._scenario(
                set_field_partner="website", set_field_lead="website", set_field_value="https://x.example.com"
            )
        )
        self.assertEqual(
            {record.website for record in (self.contact, self.account, self.lead)}, {"https://x.example.com"}
        )

    def test_nothing_set_for_this_kind(self):
        contact, lead = self._walk(
            self._scenario(set_field_partner="function", set_field_value="CEO"), self.contact, self.lead
        )
        self.assertEqual(self.contact.function, "CEO")
        self.assertSkipped(lead, "not_for_kind")
        self.assertEqual(contact.state, "done")

    def test_values(self):
        tags = self.env["crm.stage"].create({"name": "Very special stage"})
        for field, text, expected in (
            ("priority", "High", "2"),
            ("priority", "1", "1"),
            ("expected_revenue", "12,5", 12.5),
            ("color", "7", 7),
            ("date_deadline", "2026-03-31", date(2026, 3, 31)),
            ("date_deadline", "today +7d", date(2026, 3, 9)),
            ("date_deadline", "today +1m -1d", date(2026, 4, 1)),
            ("stage_id", "Very special stage", tags),
            ("contact_name", "", False),
        ):
            with self.subTest(f"{field} = {text}"):
                self._walk(self._scenario(set_field_lead=field, set_field_value=text), self.lead)
                self.assertEqual(self.lead[field], expected)

    def test_wrong_values_are_found_before_activation(self):
        for field, text in (
            ("color", "blue"),
            ("date_deadline", "soon"),
            ("priority", "Huge"),
            ("stage_id", "Nowhere"),
        ):
            with self.subTest(f"{field} = {text}"):
                scenario = self._scenario(set_field_lead=field, set_field_value=text)
                self.assertEqual(self._issue_codes(scenario), ["bad_value"])
        self.assertEqual(self._issue_codes(self._scenario()), ["no_field"])

    def test_only_plain_fields_are_offered(self):
        partner, lead = (dict(self.env[model]._settable_fields()) for model in ("res.partner", "crm.lead"))
        self.assertTrue({"function", "website", "lang", "user_id"} <= set(partner))
        self.assertTrue({"priority", "stage_id", "user_id", "expected_revenue"} <= set(lead))
        forbidden = {
            "id",
            "active",
            "company_id",
            "parent_id",
            "marketing_optin",
            "create_uid",
            "message_ids",
            "category_id",
        }
        self.assertFalse(forbidden & (set(partner) | set(lead)))
        with self.assertRaises(UserError):
            self.contact._read_setting("marketing_optin", "yes")

    def test_what_somebody_with_a_login_is_known_by_is_never_set(self):
        portal = new_test_user(self.env, "set_portal", groups="base.group_portal", email="portal@example.com")
        other = new_test_user(self.env, "set_other", groups="base.group_portal", email="other@example.com")
        person, lead = portal.partner_id, self._make_lead("Of a user", partner_id=other.partner_id.id)
        scenario = self._scenario(
            set_field_partner="email", set_field_lead="email_from", set_field_value="thief@example.com"
        )
        changed, kept, kept_lead = self._walk(scenario, self.contact, person, lead)
        self.assertEqual((self.contact.email, person.email), ("thief@example.com", "portal@example.com"))
        self.assertEqual(lead.email_from, "other@example.com")
        self.assertEqual(changed.state, "done")
        self.assertSkipped(kept, "has_login")
        self.assertSkipped(kept_lead, "has_login")
        portal.active = False
        self.assertSkipped(self._walk(self._scenario(set_field_partner="email"), person), "has_login")

    def test_it_writes_what_its_owner_may_write(self):
        owner = new_test_user(self.env, "set_owner", groups="marketing_scenario.group_scenario_manager")
        foreign = self._make_contact("Foreign", company_id=self.env["res.company"].create({"name": "Other"}).id)
        scenario = self._scenario(set_field_partner="function", set_field_value="CEO")
        scenario.write({"user_id": owner.id, "company_id": False})
        fine, refused = self._walk(scenario, self.contact, foreign)
        self.assertEqual((self.contact.function, foreign.function), ("CEO", False))
        self.assertEqual(fine.state, "done")
        self.assertTrue(refused.attempts, "tried again, then parked with the reason")

    def test_only_its_owner_says_what_a_scenario_sets(self):
        owner, colleague = (
            new_test_user(self.env, login, groups="marketing_scenario.group_scenario_manager")
            for login in ("set_mine", "set_colleague")
        )
        scenario = self._scenario(set_field_partner="function", set_field_value="CEO")
        scenario.user_id = owner
        step = self._step(scenario, "step")
        with self.assertRaisesRegex(AccessError, "owner"):
            step.with_user(colleague).set_field_value = "Boss"
        step.with_user(owner).set_field_value = "Boss"
        with self.assertRaises(AccessError):
            scenario.with_user(colleague).user_id = self.env.ref("base.user_admin")
        scenario.with_user(colleague).user_id = colleague
        step.with_user(colleague).set_field_value = "Mine now"
        self.assertEqual(scenario.with_user(owner).copy().user_id, owner)

    def test_budget(self):
        self.assertBudget(self._scenario(set_field_partner="function", set_field_value="CEO"), constant=25)
