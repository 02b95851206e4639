"""One person's story over all scenarios (S42)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import ScenarioCase

MAIL = {"email_subject": "Our brochure", "email_body_arch": "<p>Hello <t t-out='object.marketing_first_name'/></p>"}
LETTER = {"one_to_one_subject": "A word", "one_to_one_body": "<p>Dear <t t-out='object.marketing_first_name'/></p>"}
SALESMAN = "base.group_user,sales_team.group_sale_salesman,base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestStory(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sender = cls.env["marketing.sender"].create({"name": "Ann", "email": "ann@example.com", "is_default": True})
        sender.state = "validated"
        cls.scenario = cls._make_scenario(
            ("email", MAIL, "Brochure"),
            ("pause", {"pause_days": 2}, "wait"),
            ("one_to_one", LETTER, "Word"),
            name="Follow-up",
        )
        cls.salesman = new_test_user(cls.env, "story_salesman", groups=SALESMAN)

    def _walk(self, record, scenario=None):
        run = self._enroll(scenario or self.scenario, record)
        self.run_due()
        return run

    def test_what_was_and_what_comes(self):
        run = self._walk(self.contact)
        story = self.contact.marketing_story()
        self.assertEqual(story["name"], "Léa Martin")
        message = next(row for row in story["rows"] if row["kind"] == "message")
        self.assertEqual((message["title"], message["origin"]), ("Our brochure", "Follow-up"))
        [plan] = story["plans"]
        self.assertEqual((plan["run_id"], plan["title"], plan["then"]), (run.id, "wait", "Word"))
        self.assertEqual(plan["at"], "2026-03-03 23:01:00")  # the letter goes first thing that day
        self.assertEqual(story["why"], "")

    def test_a_lead_tells_of_its_contact_and_back(self):
        lead = self._make_lead("Deal", partner_id=self.contact.id)
        other = self._make_scenario(("pause", {"pause_days": 1}, "later"), name="Deals")
        self._walk(self.contact)
        self._walk(lead, other)
        for record in (self.contact, lead):
            plans = record.marketing_story()["plans"]
            self.assertEqual([plan["scenario"] for plan in plans], ["Deals", "Follow-up"])

    def test_a_salesperson_sees_no_leads_of_others(self):
        lead = self._make_lead("Secret", partner_id=self.contact.id, user_id=self.env.user.id)
        self._walk(lead)
        own = self.contact.with_user(self.salesman).marketing_story()
        self.assertEqual((own["plans"], [row for row in own["rows"] if row["kind"] == "message"]), ([], []))
        with self.assertRaises(AccessError):
            lead.with_user(self.salesman).marketing_story()

    def test_who_is_no_user_of_scenarios_sees_nothing(self):
        internal = new_test_user(self.env, "story_internal", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.contact.with_user(internal).marketing_story()
        with self.assertRaises(AccessError):
            self.contact.with_user(internal).marketing_message(1)

    def test_why_she_did_not_get_the_mail(self):
        self.contact.marketing_optin = False
        self._walk(self.contact)
        self.assertEqual(
            self.contact.marketing_story()["why"],
            "“Brochure” (Follow-up) did not go: no opt-in. Note the opt-in with its source once they have agreed.",
        )
        # a later message that went answers the question
        self.contact.marketing_optin = True
        self.forward(days=2)
        self.forward(days=1)
        self.assertIn("A word", [row["title"] for row in self.contact.marketing_story()["rows"]])
        self.assertEqual(self.contact.marketing_story()["why"], "")

    def test_why_a_mail_that_left_did_not_arrive(self):
        run = self._walk(self.contact)
        message = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
        message.set_bounced()
        why = self.contact.marketing_story()["why"]
        self.assertEqual(why, "“Brochure” (Follow-up) did not arrive: bounced. Ask for another address.")
        message.set_failed(failure_type="mail_smtp")
        why = self.contact.marketing_story()["why"]
        self.assertIn("“Brochure” (Follow-up) did not arrive: connection failed", why)
        self.assertIn("“Move” the run back", why)

    def test_why_a_message_stands_in_error(self):
        run = self._walk(self.contact)
        run.write({"state": "error", "step_id": self._step(self.scenario, "Word").id, "error_message": "No credits."})
        why = self.contact.marketing_story()["why"]
        self.assertEqual(why, "“Word” (Follow-up) could not be sent: No credits.")

    def test_why_it_waits(self):
        scenario = self._make_scenario(("email", MAIL, "Brochure"), name="Patient", on_refused="wait")
        self.contact.marketing_refuse_email = True
        self._walk(self.contact, scenario)
        why = self.contact.marketing_story()["why"]
        self.assertTrue(why.startswith("“Brochure” (Patient) waits: opted out of emails."), why)

    def test_a_message_is_read_as_it_was_sent(self):
        self._walk(self.contact)
        story = self.contact.marketing_story()
        trace = next(row for row in story["rows"] if row["kind"] == "message")["message_id"]
        message = self.contact.with_user(self.salesman).marketing_message(trace)
        self.assertIn("Hello Léa", message["body"])
        self.assertEqual((message["subject"], message["note"]), ("Our brochure", ""))
        # when the mail is no longer kept, it is made anew, and that is said
        self.env["mailing.trace"].browse(trace).mail_mail_id.unlink()
        again = self.contact.marketing_message(trace)
        self.assertIn("Hello Léa", again["body"])
        self.assertTrue(again["note"])
        # what looks typed stays as it was
        self.forward(days=2)
        self.forward(days=1)
        letter = next(row for row in self.contact.marketing_story()["rows"] if row["title"] == "A word")["message_id"]
        self.env["mailing.trace"].browse(letter).mail_mail_id.unlink()
        self._step(self.scenario, "Word").one_to_one_body = "<p>Something else</p>"
        self.assertIn("Dear Léa", self.contact.marketing_message(letter)["body"])

    def test_an_sms_is_read_as_it_was_sent(self):
        self.contact.write({"phone": "+33612345678", "country_id": self.env.ref("base.fr").id})
        scenario = self._make_scenario(("sms", {"sms_body": "Come, {{ object.marketing_first_name }}"}, "Text"))
        self._walk(self.contact, scenario)
        trace = next(row for row in self.contact.marketing_story()["rows"] if row["kind"] == "message")["message_id"]
        self.assertIn("Come, Léa", self.contact.marketing_message(trace)["body"])

    def test_by_which_message_they_opted_out(self):
        run = self._walk(self.contact)
        trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
        trace.mass_mailing_id._marketing_unsubscribe(self.contact.id, trace.email)
        row = next(row for row in self.contact.marketing_story()["rows"] if row["kind"] == "consent")
        self.assertEqual((row["title"], row["text"]), ("Opted out of emails", "Our brochure"))
        self.assertEqual((row["at"], row["origin"]), (str(self.now), "Follow-up"))

    def test_messages_of_others_are_not_read_here(self):
        stranger = self._make_contact("Paul", "paul@example.com")
        self._walk(stranger)
        trace = next(row for row in stranger.marketing_story()["rows"] if row["kind"] == "message")["message_id"]
        with self.assertRaises(UserError):
            self.contact.marketing_message(trace)

    def test_score_forms_calls_and_consent_are_in_it(self):
        self.contact._add_score(10, "Good talk", source="Fair")
        self.contact.write({"marketing_optin_date": self.now, "marketing_optin_source": "Fair"})
        form = self.env["marketing.engagement.point"].create({"name": "Stand"})
        self.env["marketing.engagement.submission"].create(
            {"point_id": form.id, "at": self.now, "partner_id": self.contact.id, "name": "Léa"}
        )
        campaign = self.env["marketing.phoning.campaign"].create({"name": "Spring"})
        call = self.env["marketing.phoning.call"].create({"campaign_id": campaign.id, "partner_id": self.contact.id})
        call.sudo().write({"state": "done", "outcome": "interested", "done_at": self.now, "notes": "Wants a visit"})
        rows = {row["kind"]: row for row in self.contact.marketing_story()["rows"]}
        self.assertEqual(rows["score"]["title"], "+10 points")
        self.assertEqual(rows["form"]["title"], "Form filled: Stand")
        self.assertEqual((rows["call"]["badge"], rows["call"]["text"]), ("Interested", "Wants a visit"))
        self.assertEqual(rows["consent"]["origin"], "Fair")

    def test_each_reason_that_blocks_has_its_remedy(self):
        from ...models.gates.consent import OPTED_OUT

        remedies = self.env["marketing.scenario.trace"]._remedies()
        self.assertLessEqual({"no_consent", "blacklisted", "frequency_cap", *OPTED_OUT.values()}, remedies.keys())
