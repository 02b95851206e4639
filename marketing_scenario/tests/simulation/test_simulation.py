"""One record's walk on the screen of the simulation (S39, Koban R63–R66)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.sms.tests.common import SMSCase

from ...models.dry import is_dry
from ..common import MONDAY, ScenarioCase

LINK = "https://shop.example.com/offer"
BODY = f"""<p>Hello <t t-out="object.marketing_first_name">you</t></p><a href="{LINK}">Buy</a>"""


@tagged("post_install", "-at_install")
class TestSimulation(ScenarioCase, MailCase, SMSCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.tag = cls.env["res.partner.category"].create({"name": "Hot"})
        cls.vip = cls.env["res.partner.category"].create({"name": "VIP"})

    def _story(self, **vals):
        """A mail, three days, and a question that waits two more."""
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi {{ object.marketing_first_name }}", "email_body_html": BODY}, "Mail"),
            ("pause", {"pause_days": 3}, "Rest"),
            (
                "if",
                {"if_wait_days": 2},
                "Clicked?",
                {"yes": [("tag", {"tag_id": self.tag.id}, "Tag")], "no": [("pause", {"pause_days": 1}, "Nap")]},
            ),
            **{"active": False, **vals},
        )
        rule = {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked", "link_url": LINK}
        self.rule = self.env["marketing.scenario.rule"].create(rule)
        return scenario

    def _simulate(self, scenario, *deeds, record=None, **options):
        record = record or self.contact
        return scenario.simulate(record._name, record.id, deeds, start="2026-03-02 10:00:00", **options)

    def _path(self, told):
        return [f"{row['step']}: {row['outcome']}" for row in told["path"]]

    def test_step_by_step_on_a_draft(self):
        scenario = self._story()
        told = self._simulate(scenario)
        self.assertEqual((told["stands"]["step"], told["path"], told["over"]), ("Mail", [], False))
        told = self._simulate(scenario, {"do": "execute"})
        self.assertEqual((told["stands"]["step"], self._path(told)), ("Rest", ["Mail: Sent"]))
        mail = told["path"][0]["mail"]
        self.assertEqual((mail["subject"], mail["to"]), ("Hi Léa", "lea@example.com"))
        self.assertIn("Hello Léa", mail["html"])
        told = self._simulate(scenario, *[{"do": "execute"}] * 2)
        self.assertEqual(told["stands"]["until"], "2026-03-05 10:00:00")
        told = self._simulate(scenario, *[{"do": "execute"}] * 3)
        self.assertEqual((told["now"], told["stands"]["step"]), ("2026-03-05 10:00:00", "Clicked?"))
        self.assertEqual(scenario.state, "draft")

    def test_nothing_stays(self):
        scenario = self._story()
        tables = ("mail.mail", "mail.message", "mailing.trace", "marketing.scenario.enrollment", "ir.cron.trigger")
        tables += ("marketing.scenario.trace", "marketing.automatism.event", "link.tracker.click", "ir.attachment")
        self._simulate(scenario)  # what is made once, such as the mailings of a step, is undone as well
        before = {model: self.env[model].sudo().search_count([]) for model in tables}
        deeds = [*[{"do": "execute"}] * 4, {"do": "play", "rule": self.rule.id}, {"do": "finish"}]
        told = self._simulate(scenario, *deeds)
        self.assertTrue(told["over"])
        self.assertEqual({model: self.env[model].sudo().search_count([]) for model in tables}, before)
        self.assertFalse(self.contact.category_id)
        self.assertFalse(self.env["marketing.simulation.seal"].search_count([]))

    def test_a_question_says_what_it_answers_and_what_can_be_done(self):
        scenario = self._story()
        told = self._simulate(scenario, *[{"do": "execute"}] * 4)
        (condition,) = told["stands"]["conditions"]
        self.assertEqual(
            condition["rules"],
            [{"id": self.rule.id, "text": self.rule.summary, "holds": False, "playable": True}],
        )
        self.assertEqual([way["code"] for way in told["stands"]["outcomes"]], ["yes", "no"])
        played = [*[{"do": "execute"}] * 4, {"do": "play", "rule": self.rule.id}]
        told = self._simulate(scenario, *played)
        self.assertIs(told["stands"]["conditions"][0]["rules"][0]["holds"], True)
        told = self._simulate(scenario, *played, {"do": "finish"})
        self.assertEqual(self._path(told)[-3:], ["Clicked?: Yes", "Tag: Done", "End: Ended"])
        self.assertEqual(told["now"], "2026-03-05 10:00:00", "it looked again at once")

    def test_a_lead_clicks_the_link_that_a_contact_got_first(self):
        scenario = self._story(active=True)
        self._enroll(scenario, self.contact)
        self.run_due()
        lead = self._make_lead(email_from="lead@example.com")
        played = [*[{"do": "execute"}] * 4, {"do": "play", "rule": self.rule.id}]
        told = self._simulate(scenario, *played, record=lead)
        self.assertIs(told["stands"]["conditions"][0]["rules"][0]["holds"], True)

    def test_either_side_can_be_taken(self):
        scenario = self._story()
        to_question = [{"do": "execute"}] * 3
        for outcome, last in (("yes", "Tag"), ("no", "Nap")):
            with self.subTest(outcome):
                told = self._simulate(scenario, *to_question, {"do": "take", "outcome": outcome})
                self.assertEqual(told["stands"]["step"], last)
        with self.assertRaisesRegex(UserError, "no way out “maybe”"):
            self._simulate(scenario, *to_question, {"do": "take", "outcome": "maybe"})

    def test_time_can_be_let_pass(self):
        scenario = self._story()
        told = self._simulate(scenario, {"do": "wait", "days": 2})
        self.assertEqual((told["now"], told["stands"]["step"]), ("2026-03-04 10:00:00", "Rest"))
        told = self._simulate(scenario, {"do": "until", "moment": "2026-03-20 00:00:00"})
        self.assertEqual((told["now"], told["over"]), ("2026-03-20 00:00:00", True))
        self.assertEqual(self._path(told)[-2:], ["Nap: Done", "End: Ended"])

    def test_it_walks_as_the_engine_does(self):
        """The same person, the same behaviour, the same moments: simulated first, then for real."""
        scenario = self._story()
        told = self._simulate(scenario, {"do": "finish"})
        self.set_now(MONDAY)
        scenario._set_state("active")
        run = self._enroll(scenario, self.contact)
        for _tick in range(30):
            self.run_due()
            if run.state != "running":
                break
            self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)]).set_sent()
            self.set_now(run.next_run_at)
        real = [(trace.step_id.id, trace.outcome_label, trace.at) for trace in run.trace_ids.sorted("id")][1:]
        seen = [(row["step_id"], row["outcome"]) for row in told["path"]]
        self.assertEqual(seen, [(step, label) for step, label, _at in real])
        self.assertEqual([row["at"] for row in told["path"]], [str(at) for _step, _label, at in real])

    def test_who_is_inside_is_simulated_from_the_beginning_and_goes_on(self):
        scenario = self._story(active=True)
        run = self._enroll(scenario, self.contact)
        self.run_due()
        told = self._simulate(scenario, {"do": "execute"})
        self.assertEqual([row["channel"] for row in told["prerequisites"]], ["entry"])
        self.assertEqual(told["stands"]["step"], "Rest")
        run.invalidate_recordset()
        self.assertEqual((run.state, run.step_id.name), ("running", "Rest"))

    def test_what_is_missing_is_said_first(self):
        self.contact.marketing_optin = False
        told = self._simulate(self._story(), {"do": "execute"})
        (missing,) = told["prerequisites"]
        self.assertEqual((missing["channel"], missing["reason"]), ("email", "No opt-in"))
        self.assertIn("Note the opt-in", missing["remedy"])
        self.assertEqual((told["path"][0]["outcome"], told["path"][0]["reason"]), ("Skipped", "No opt-in"))
        self.assertEqual(told["path"][0]["remedy"], missing["remedy"])

    def test_unpublished_changes_are_walked(self):
        scenario = self._story(active=True)
        draft = scenario._open_draft()
        self._step(draft, "Rest").pause_days = 1
        told = self._simulate(draft, *[{"do": "execute"}] * 2)
        self.assertEqual(told["stands"]["until"], "2026-03-03 10:00:00")
        self.assertEqual(told["stands"]["step_id"], self._step(draft, "Rest").id)
        self.assertEqual(self._simulate(scenario, *[{"do": "execute"}] * 2)["stands"]["until"], "2026-03-05 10:00:00")
        self.assertEqual((draft.state, scenario.state), ("draft", "active"))

    def test_a_step_that_fails_says_why(self):
        action = self.env["ir.actions.server"].create(
            {
                "name": "Hostile",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": "env.cr.commit()",
            }
        )
        scenario = self._make_scenario(
            ("server_action", {"server_action_partner_id": action.id}, "Hostile"), active=False
        )
        told = self._simulate(scenario, {"do": "execute"})
        self.assertIn("commit", told["stands"]["trouble"])
        action.code = "env['mail.mail'].create({'email_to': 'x@example.com', 'body_html': 'x'}).send()"
        sent = self.env["mail.mail"].search_count([])
        self._simulate(scenario, {"do": "execute"})
        self.assertEqual(self.env["mail.mail"].search_count([]), sent)

    def test_an_example_person(self):
        scenario = self._story()
        people = self.env["res.partner"].search_count([])
        for model in ("res.partner", "crm.lead"):
            with self.subTest(model):
                told = scenario.simulate(model, 0, [{"do": "execute"}])
                self.assertFalse(told["prerequisites"])
                self.assertEqual(told["path"][0]["mail"]["to"], "camille.exemple@example.com")
        self.assertEqual(self.env["res.partner"].search_count([]), people)

    def test_another_scenario_is_followed(self):
        other = self._make_scenario(("pause", {"pause_days": 1}, "Elsewhere"), name="Other")
        scenario = self._make_scenario(("scenario", {"scenario_launched_id": other.id}, "Launch"), active=False)
        told = self._simulate(scenario, {"do": "execute"}, {"do": "execute"}, {"do": "execute"})
        self.assertEqual((told["stands"]["scenario"], told["stands"]["step"]), ("Other", "Elsewhere"))

    def test_really_sending_sends_what_the_last_deed_comes_to_and_nothing_else(self):
        scenario = self._story()
        before = self.env["marketing.scenario.enrollment"].search_count([])
        deeds = [{"do": "execute"}, {"do": "execute"}]
        with self.mock_mail_gateway():
            told = self._simulate(scenario, *deeds[:1], really=True)
            self.assertEqual(told["sent"], [{"step": "Mail", "to": "lea@example.com", "error": False}])
            self.assertEqual(
                [(mail["email_to"], mail["subject"]) for mail in self._mails], [(["lea@example.com"], "Hi Léa")]
            )
            self.assertFalse(
                self._simulate(scenario, *deeds, really=True)["sent"], "the mail was sent by an earlier deed"
            )
            self.assertNotIn("sent", self._simulate(scenario, *deeds[:1]))
            self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.env["marketing.scenario.enrollment"].search_count([]), before)
        self.assertIn("sent “Mail” to lea@example.com by a simulation", self.contact.message_ids[0].body)

    def test_really_sending_an_sms(self):
        self.contact.phone = "+33612345678"
        scenario = self._make_scenario(
            ("sms", {"sms_body": "Hi {{ object.marketing_first_name }}"}, "SMS"), active=False
        )
        with self.mockSMSGateway():
            told = self._simulate(scenario, {"do": "execute"}, really=True)
            self.assertEqual(told["sent"], [{"step": "SMS", "to": "+33612345678", "error": False}])
            self.assertEqual([(sms["number"], sms["body"]) for sms in self._sms], [("+33612345678", "Hi Léa")])
        self.set_now(MONDAY.replace(hour=22))
        with self.mockSMSGateway():
            told = self._simulate(scenario, {"do": "execute"}, really=True)
            self.assertIn("No SMS may be sent to +33612345678 before", told["sent"][0]["error"])
            self.assertFalse(self._sms)

    def test_what_really_may_not_be_sent_is_told(self):
        scenario = self._story()
        with (
            self.mock_mail_gateway(),
            patch.object(self.registry["res.partner"], "_blocked", self._blocked_from_now_on()),
        ):
            told = self._simulate(scenario, {"do": "execute"}, really=True)
            self.assertEqual(told["sent"][0]["error"], "Opted out of emails")
            self.assertFalse(self._mails)
        with self.assertRaisesRegex(UserError, "example person"):
            scenario.simulate("res.partner", 0, [{"do": "execute"}], really=True)

    def _blocked_from_now_on(self):
        """What is asked when it is really sent; the dry run asked before."""
        usual = self.registry["res.partner"]._blocked

        def blocked(records, channel, addresses=None):
            if is_dry(records.env):
                return usual(records, channel, addresses)
            return dict.fromkeys(records.ids, "refused_email")

        return blocked

    def test_bad_deeds_are_named(self):
        scenario = self._story()
        for deeds in ("x", [{"do": "fly"}], [{"do": "take"}], [7], [{"do": "wait", "days": -1}]):
            with self.subTest(deeds), self.assertRaises(UserError):
                scenario.simulate("res.partner", self.contact.id, deeds)
        with self.assertRaisesRegex(UserError, "no date and time"):
            scenario.simulate("res.partner", self.contact.id, [{"do": "until", "moment": "soon"}])
        with self.assertRaisesRegex(UserError, "res_model"):
            scenario.simulate("res.users", 1)

    def test_only_managers_and_only_with_whom_they_may_change(self):
        scenario = self._story()
        user = new_test_user(self.env, "sim.user", groups="marketing_scenario.group_scenario_user,base.group_user")
        with self.assertRaises(AccessError):
            scenario.with_user(user).simulate("res.partner", self.contact.id)
        manager = new_test_user(self.env, "sim.manager", groups="marketing_scenario.group_scenario_manager")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        lead = self._make_lead("Not theirs", company_id=company.id)
        with self.assertRaises(AccessError):
            scenario.with_user(manager).simulate("crm.lead", lead.id)
