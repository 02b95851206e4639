"""What happens to the person of a simulation, wherever they stand (S39)."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import MONDAY, ScenarioCase

LINK = "https://shop.example.com/offer"
BODY = f"<p>Hello</p><a href='{LINK}'>Download</a>"


@tagged("post_install", "-at_install")
class TestHappenings(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.hot = cls.env["res.partner.category"].create({"name": "Hot"})
        cls.form = cls.env["marketing.engagement.point"].create({"name": "Brochure"})

    def _story(self, kind, **values):
        """A mail, three days, a question, and a second one far away."""
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
            ("pause", {"pause_days": 3}, "Rest"),
            ("if", {}, "Asked?", {"yes": [("if", {}, "Later?", {"yes": [], "no": []})], "no": []}),
            active=False,
        )
        rules = self.env["marketing.scenario.rule"]
        self.rule = rules.create({"step_id": self._step(scenario, "Asked?").id, "kind": kind, **values})
        self.later = rules.create({"step_id": self._step(scenario, "Later?").id, "kind": "tag", "tag_id": self.hot.id})
        return scenario

    def _simulate(self, scenario, *deeds, record=None):
        record = record or self.contact
        return scenario.simulate(record._name, record.id, deeds, start=MONDAY.strftime("%Y-%m-%d %H:%M:%S"))

    def _deed(self, told, label, of=None):
        """What the screen sends when somebody chooses this."""
        found = {one["label"]: one for one in told["happenings"]}
        self.assertIn(label, found)
        deed = found[label]["deed"]
        self.assertEqual(bool(found[label]["asks"]), of is not None)
        return deed if of is None else {**deed, "of": of}

    def _answered(self, scenario, label, of=None, record=None):
        """The way taken at the question when this happens during the pause before it."""
        waits = [{"do": "execute"}] * 2
        told = self._simulate(scenario, *waits, record=record)
        self.assertEqual(told["stands"]["step"], "Rest")
        deeds = [*waits, self._deed(told, label, of), {"do": "execute"}]
        told = self._simulate(scenario, *deeds, record=record)
        self.assertEqual(told["stands"]["step"], "Asked?")
        told = self._simulate(scenario, *deeds, {"do": "execute"}, record=record)
        (way,) = [row["outcome"] for row in told["path"] if row["step"] == "Asked?"]
        return way

    def test_events_of_messages(self):
        for status, label in (
            ("opened", "opens “Mail”"),
            ("clicked", "clicks “Download” in “Mail”"),
            ("replied", "answers “Mail”"),
            ("bounced", "“Mail” bounces"),
        ):
            with self.subTest(status):
                scenario = self._story("email_status", **{f"email_is_{status}": True})
                self.assertEqual(self._answered(scenario, label), "Yes")
        self.assertFalse(
            [one for one in self._simulate(scenario)["happenings"] if "Mail" in one["label"]], "nothing was sent yet"
        )

    def test_somebody_unsubscribes(self):
        scenario = self._story("consent", consent_about="email")
        scenario.leave_on_unsubscribe = False
        self.assertEqual(self._answered(scenario, "unsubscribes in “Mail”"), "No")
        self.assertFalse(self.contact.marketing_refuse_email)

    def test_events_of_records(self):
        status = self.env.ref("marketing_scenario.account_status_partner")
        other = self._make_contact("Worker", "worker@happen.example.com")
        for kind, values, label, of in (
            ("tag", {"tag_id": self.hot.id}, "gets the tag", self.hot.id),
            ("form_filled", {"form_point_id": self.form.id}, "fills the form", self.form.id),
            ("score", {"score_value": 20}, "gets points", 25),
            ("account_status", {"account_status_ids": status.ids}, "the status of the account becomes", status.id),
            ("opportunity", {"opportunity_result": "won"}, "an opportunity is won", None),
            ("opportunity", {"opportunity_result": "created"}, "an opportunity is created", None),
        ):
            with self.subTest(label):
                self.assertEqual(self._answered(self._story(kind, **values), label, of, record=other), "Yes")
        self.assertFalse(other.category_id)

    def test_events_of_a_lead(self):
        lead = self._make_lead(email_from="lead@happen.example.com", marketing_optin=True)
        tag = self.env["crm.tag"].create({"name": "Urgent"})
        stage = self.env["crm.stage"].search([], limit=1, order="id desc")
        scenario = self._story("tag", tag_lead_id=tag.id)
        self.assertEqual(self._answered(scenario, "the lead gets the tag", tag.id, record=lead), "Yes")
        waits = [{"do": "execute"}] * 2
        told = self._simulate(scenario, *waits, record=lead)
        for label, of in (
            ("the lead reaches the stage", stage.id),
            ("the lead is assigned to", self.env.uid),
            ("the lead is lost", None),
        ):
            with self.subTest(label):
                self._simulate(scenario, *waits, self._deed(told, label, of), record=lead)
        labels = {one["label"] for one in self._simulate(scenario, *waits)["happenings"]}
        self.assertNotIn("the lead is lost", labels, "the contact is no lead")

    def test_what_steps_have_planned(self):
        scenario = self._make_scenario(
            ("activity", {"activity_type_id": self.env.ref("mail.mail_activity_data_call").id}, "Call"),
            ("pause", {"pause_days": 3}, "Rest"),
            active=False,
        )
        told = self._simulate(scenario, *[{"do": "execute"}] * 2)
        (label,) = [one["label"] for one in told["happenings"] if one["deed"].get("event") == "activity_done"]
        told = self._simulate(scenario, *[{"do": "execute"}] * 2, self._deed(told, label))
        self.assertNotIn(label, [one["label"] for one in told["happenings"]])

    def test_a_condition_ahead_comes_true(self):
        """Of any step, goals too, once each; that of the step it stands on is beside its answer."""
        scenario = self._story("tag", tag_id=self.hot.id)
        told = self._simulate(scenario)
        self.assertEqual([one["label"] for one in told["happenings"]].count("has the tag Hot"), 1)
        deeds = [self._deed(told, "has the tag Hot"), {"do": "finish"}]
        ways = {row["step"]: row["outcome"] for row in self._simulate(scenario, *deeds)["path"]}
        self.assertEqual((ways["Asked?"], ways["Later?"]), ("Yes", "Yes"))

    def test_what_cannot_happen_is_said(self):
        scenario = self._story("tag", tag_id=self.hot.id)
        for deed in (
            {"do": "happen", "event": "mail_opened", "of": 0},
            {"do": "happen", "event": "lead_lost", "of": 0},
            {"do": "happen", "event": "tag_added", "of": 0},
            {"do": "happen", "event": "tag_added", "of": "1"},
            {"do": "happen", "event": "__class__", "of": 0},
            {"do": "happen", "event": ["tag_added"], "of": 0},
        ):
            with self.subTest(deed), self.assertRaisesRegex(UserError, "What happens now"):
                self._simulate(scenario, deed)
