from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common import MONDAY
from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestInsiders(StepCase):
    """People with a login and few rights try what the screens do not offer them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = new_test_user(cls.env, "in_internal", groups="base.group_user")
        cls.user = new_test_user(
            cls.env, "in_user", groups="marketing_scenario.group_scenario_user,base.group_partner_manager"
        )
        cls.manager = new_test_user(cls.env, "in_manager", groups="marketing_scenario.group_scenario_manager")
        cls.second = cls.env["res.company"].create({"name": "Second company"})
        cls.manager2 = new_test_user(
            cls.env,
            "in_manager2",
            groups="marketing_scenario.group_scenario_manager",
            company_id=cls.second.id,
            company_ids=[(6, 0, cls.second.ids)],
        )
        cls.campaign = cls.env["marketing.phoning.campaign"].create({"name": "Calls"})

    # -- calls and links: seen with their person ------------------------------------------------------------------

    def test_a_call_is_seen_by_those_who_see_its_person(self):
        lead_of_another = self._make_lead("Of another", user_id=self.manager.id, phone="+33612345699")
        call = self.env["marketing.phoning.call"].create(
            {"campaign_id": self.campaign.id, "lead_id": lead_of_another.id}
        )
        for user in (self.user, self.seller):
            self.assertFalse(call.with_user(user).search([]), user.login)
            with self.assertRaises(AccessError):
                call.with_user(user).read(["phone"])
            with self.assertRaises(AccessError):
                call.with_user(user).with_context(outcome="refused").action_outcome()
        self.assertEqual(call.with_user(self.manager).phone, "+33612345699")
        self.assertFalse(lead_of_another.marketing_refuse_phone)

    def test_a_call_keeps_its_person_its_campaign_and_its_outcome(self):
        call = self.env["marketing.phoning.call"].create(
            {"campaign_id": self.campaign.id, "partner_id": self.contact.id}
        )
        other = self.env["marketing.phoning.campaign"].create({"name": "Other"})
        for user in (self.user, self.manager):
            for name, value in (
                ("partner_id", self.account.id),
                ("lead_id", self.lead.id),
                ("campaign_id", other.id),
                ("state", "done"),
                ("outcome", "refused"),
                ("tries", 9),
                ("user_id", user.id),
            ):
                with self.subTest(user=user.login, field=name), self.assertRaises(AccessError):
                    call.with_user(user).write({name: value})
        call.with_user(self.user).notes = "Said yes"
        call.with_user(self.user).with_context(outcome="interested").action_outcome()
        self.assertEqual((call.outcome, call.user_id), ("interested", self.user))

    def test_a_document_link_is_seen_by_those_who_see_its_person(self):
        theirs = self._make_lead("Of another", user_id=self.manager.id)
        link, _address = self.env["marketing.document.link"]._issue(
            [{"lead_id": theirs.id, "company_id": self.env.company.id, "report_name": "x.y"}]
        )[0]
        self.assertFalse(link.with_user(self.seller).search([]))
        with self.assertRaises(AccessError):
            link.with_user(self.seller).read(["report_name"])
        with self.assertRaises(AccessError):
            link.with_user(self.manager).write({"lead_id": self.lead.id})
        with self.assertRaises(AccessError):
            link.with_user(self.manager2).action_revoke()
        link.with_user(self.manager).action_revoke()
        self.assertTrue(link.revoked)

    # -- company borders ------------------------------------------------------------------------------------------

    def test_a_manager_of_another_company_sees_and_changes_nothing_here(self):
        points = {"kind": "score", "score_operator": ">=", "score_value": 10}
        scenario = self._make_scenario(
            ("if", {"rule_ids": [(0, 0, points)]}, "if", {"yes": [("pause", {"pause_days": 1}, "wait")]}),
            active=False,
        )
        switched = self._make_scenario(
            ("switch", {"case_ids": [(0, 0, {"name": "Hot", "rule_ids": [(0, 0, points)]})]}, "switch"), active=False
        )
        switch = self._step(switched, "switch")
        sender = self.env["marketing.sender"].create({"name": "One", "email": "one@company.example.com"})
        query = self.env["marketing.scenario.query"].create({"name": "Q", "scenario_id": scenario.id})
        for records in (self._step(scenario, "if").rule_ids, switch.case_ids, switch.case_ids.rule_ids, sender, query):
            for record in records.with_user(self.manager2):
                with self.subTest(record._name):
                    self.assertNotIn(record, record.search([]))
                    with self.assertRaises(AccessError):
                        record.read(["display_name"])
                    with self.assertRaises(AccessError):
                        record.write({"sequence": 1} if "sequence" in record._fields else {"name": "Mine"})
                    with self.assertRaises(AccessError):
                        record.unlink()
        with self.assertRaises(AccessError):
            self.env["marketing.scenario.rule"].with_user(self.manager2).create(
                {"step_id": self._step(scenario, "if").id, **points}
            )

    # -- what the screens show read-only --------------------------------------------------------------------------

    def test_nobody_makes_an_address_valid_by_writing_it(self):
        senders = self.env["marketing.sender"].with_user(self.manager)
        values = {"name": "CEO", "email": "ceo@elsewhere.example.org"}
        with self.assertRaises(AccessError):
            senders.create({**values, "state": "validated"})
        sender = senders.create({**values, "state": "draft"})
        with self.assertRaises(AccessError):
            sender.state = "validated"
        with self.assertRaises(UserError):
            sender.action_validate()
        self.assertTrue(sender.sudo()._confirm(sender._token()))
        sender.email = "other@elsewhere.example.org"
        self.assertEqual(sender.state, "draft")
        self.assertFalse(sender._is_of_company())

    def test_a_sender_in_use_cannot_be_deleted(self):
        sender = self.env["marketing.sender"].create({"name": "One", "email": "one@company.example.com"})
        self._make_scenario(("email", {"email_subject": "Hello", "email_sender_id": sender.id}, "mail"), active=False)
        with self.assertRaisesRegex(UserError, "archive"):
            sender.unlink()

    def test_score_and_consent_proof_are_not_written_and_not_read_by_everybody(self):
        for record in (self.contact, self.lead):
            with self.assertRaises(AccessError):
                record.with_user(self.manager).marketing_own_score = 500
            with self.assertRaises(AccessError):
                record.with_user(self.manager).create({"name": "X", "marketing_own_score": 500})
        names = ("marketing_optin_proof", "marketing_score", "marketing_own_score", "marketing_messages")
        portal = new_test_user(self.env, "in_portal", groups="base.group_portal")
        for name in names:
            for user, partner in ((self.internal, self.contact), (portal, portal.partner_id)):
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    partner.with_user(user).read([name])
            self.contact.with_user(self.user).read([name])

    def test_what_a_visitor_sent_stays_as_it_came(self):
        point = self.env["marketing.engagement.point"].create({"name": "Form"})
        submission = self.env["marketing.engagement.submission"].create(
            {"point_id": point.id, "at": MONDAY, "name": "Ann", "consent": True, "partner_id": self.contact.id}
        )
        for vals in (
            {"at": "2020-01-01"},
            {"consent": False},
            {"consent_date": MONDAY},
            {"partner_id": self.account.id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                submission.with_user(self.manager).write(vals)
        with self.assertRaises(AccessError):
            point.with_user(self.manager).token = "0123456789abcdef-mine"
        with self.assertRaises(AccessError):
            point.with_user(self.manager).create({"name": "X", "token": "0123456789abcdef-mine"})

    def test_spam_and_webhook_addresses_are_not_for_salespeople(self):
        point = self.env["marketing.engagement.point"].create({"name": "Form"})
        spam = self.env["marketing.engagement.submission"].create(
            {"point_id": point.id, "at": MONDAY, "name": "Spammer", "state": "spam"}
        )
        self.assertFalse(spam.with_user(self.seller).search([("point_id", "=", point.id)]))
        self.assertTrue(spam.with_user(self.manager).search([("point_id", "=", point.id)]))
        scenario = self._make_scenario(
            ("webhook", {"webhook_url": "https://hooks.example.com/secret-key"}, "hook"), active=False
        )
        step = self._step(scenario, "hook")
        with self.assertRaises(AccessError):
            step.with_user(self.seller).read(["webhook_url"])
        self.assertEqual(step.with_user(self.seller).summary, "hooks.example.com")

    # -- the pane -------------------------------------------------------------------------------------------------

    def test_a_contact_opens_for_internal_users_with_and_without_marketing(self):
        for user in (self.internal, self.user, self.seller):
            with self.subTest(user.login):
                with Form(self.contact.with_user(user)) as form:
                    self.assertEqual(form.name, "Léa Martin")
        names = (
            "marketing_submission_ids",
            "marketing_score_history_ids",
            "marketing_messages",
            "marketing_live_count",
        )
        self.contact.with_user(self.user).read(names)
