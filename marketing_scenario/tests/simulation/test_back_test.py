"""What this scenario would have made of people who really were in it (S56)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ...models.simulation import back_test
from ..common import MONDAY, ScenarioCase
from .known_behaviour import BEGIN, HORIZON, Story

LINK = "https://shop.example.com/offer"
SEEDS = (1, 3, 8)
BODY = f'<p>Hello</p><a href="{LINK}">Offer</a>'


@tagged("post_install", "-at_install")
class TestBackTest(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Past {number}", "email": f"past{number}@back.example.com", "marketing_optin": number != 1}
                for number in range(8)
            ]
        )
        cls.hot = cls.env["res.partner.category"].create({"name": "Hot"})

    def _story(self, **vals):
        """A mail, two days for a click, then a tag or a second mail."""
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
            (
                "if",
                {"if_wait_days": 2},
                "Clicked?",
                {
                    "yes": [("tag", {"tag_id": self.hot.id}, "Tag")],
                    "no": [("email", {"email_subject": "More", "email_body_html": BODY}, "More")],
                },
            ),
            **vals,
        )
        rule = {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked", "link_url": LINK}
        self.env["marketing.scenario.rule"].create(rule)
        return scenario

    def _live(self, scenario, clicking=(), days=5, hours=6):
        """People enter one a day; who clicks does so six hours after the mail. Everything that is due happens."""
        entries = {MONDAY + timedelta(days=number): person for number, person in enumerate(self.people)}
        seen, clicks = self.env["mailing.trace"], {}
        moment = MONDAY
        end = MONDAY + timedelta(days=len(self.people) + days)
        while moment <= end:
            self.set_now(moment)
            if person := entries.get(moment):
                self._enroll(scenario, person)
            if trace := clicks.pop(moment, None):
                link = self.env["link.tracker"].search([("mass_mailing_id", "=", trace.mass_mailing_id.id)], limit=1)
                self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE mailing_trace SET open_datetime = %(now)s, links_click_datetime = %(now)s"
                    " WHERE id = %(id)s",
                    {"now": moment, "id": trace.id},
                )
                self.env.invalidate_all()
                self.env["marketing.scenario.enrollment"].browse(trace.marketing_enrollment_id.id)._look_again()
            self.run_due()
            sent = self.env["mailing.trace"].search(
                [("marketing_enrollment_id.scenario_id", "=", scenario.id), ("id", "not in", seen.ids)]
            )
            self._leave(sent, moment)
            seen |= sent
            for trace in sent:
                if trace.res_id in [self.people[number].id for number in clicking]:
                    clicks[moment + timedelta(hours=hours)] = trace
            moment += timedelta(hours=1)

    def _leave(self, traces, moment):
        traces.set_sent()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET create_date = %s, sent_datetime = %s WHERE id = ANY(%s)",
            (moment, moment, traces.ids),
        )
        self.env.invalidate_all()

    def _back_test(self, scenario, **options):
        ends = fields.Datetime.to_string(MONDAY + timedelta(days=30))
        return scenario.back_test("2026-03-01 00:00:00", ends, **options)

    def _ways(self, told, name):
        (step,) = [step for step in told["steps"] if step["name"] == name]
        return {way["code"]: way["count"] for way in step["ways"]}

    def test_the_same_scenario_does_the_same(self):
        scenario = self._story()
        self._live(scenario, clicking=(2, 5))
        told = self._back_test(scenario)
        self.assertEqual((told["people"], told["walked"], told["same"]), (8, 8, 8))
        self.assertEqual(self._ways(told["really"], "Clicked?"), {"yes": 2, "no": 6})
        for part in ("steps", "ends", "blocked", "inside"):
            with self.subTest(part):
                self.assertEqual(told["test"][part], told["really"][part])
        sent = {part: sum(row["count"] for row in told[part]["messages"]) for part in ("test", "really")}
        self.assertEqual(sent, {"test": 7 + 5, "really": 7 + 5}, "one has no opt-in")

    def test_what_a_machine_opened_was_read_by_nobody(self):
        rule = {"kind": "email_status", "email_status_operator": "=", "email_is_opened": True}
        ways = {"yes": [("tag", {"tag_id": self.hot.id}, "Tag")], "no": []}
        mail = {"email_subject": "Hello", "email_body_html": BODY}
        scenario = self._make_scenario(("email", mail, "Mail"), ("if", {"if_wait_days": 1}, "Read?", ways))
        rule |= {"step_id": self._step(scenario, "Read?").id, "email_step_id": self._step(scenario, "Mail").id}
        self.env["marketing.scenario.rule"].create(rule)
        self._enroll(scenario, self.people[0])
        self.run_due()
        trace = self.env["mailing.trace"].search([("marketing_enrollment_id.scenario_id", "=", scenario.id)])
        self._leave(trace, MONDAY)
        opened = {"trace_status": "open", "open_datetime": MONDAY, "marketing_opened_by_machine": True}
        trace.write(opened)
        self.forward(hours=30)
        told = self._back_test(scenario)
        self.assertEqual(self._ways(told["really"], "Read?"), {"yes": 0, "no": 1})
        self.assertEqual(self._ways(told["test"], "Read?"), {"yes": 0, "no": 1})

    def test_with_changes_it_says_what_would_have_become_of_them(self):
        scenario = self._story()
        self._live(scenario, clicking=(2, 5))
        draft = scenario._open_draft()
        self._step(draft, "Clicked?").write({"if_wait_days": 0, "if_wait_hours": 2})
        told = self._back_test(scenario, draft=True)
        self.assertEqual(self._ways(told["really"], "Clicked?"), {"yes": 2, "no": 6})
        self.assertEqual(self._ways(told["test"], "Clicked?"), {"yes": 0, "no": 8}, "they clicked after six hours")
        self.assertEqual(told["same"], 6)
        self.assertIn("2 messages of this test were never sent", " ".join(told["unknown"]))
        self.assertEqual(self._back_test(draft)["same"], 6)
        self.assertEqual(self._back_test(scenario)["same"], 8)

    def test_nothing_stays(self):
        scenario = self._story()
        self._live(scenario, clicking=(2,))
        models = ("mailing.trace", "marketing.scenario.trace", "marketing.scenario.refusal", "mailing.mailing")
        self.env.flush_all()
        before = [
            {model: self.env[model].search([]).read() for model in models},
            scenario.enrollment_ids.read(),
            self.people.read(["category_id", "marketing_optin"]),
        ]
        self._back_test(scenario)
        self.env.invalidate_all()
        after = [
            {model: self.env[model].search([]).read() for model in models},
            scenario.enrollment_ids.read(),
            self.people.read(["category_id", "marketing_optin"]),
        ]
        self.assertEqual(after, before)

    def test_forms_come_at_their_moment(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2}, "Rest"), ("if", {}, "Form?"))
        point = self.env["marketing.engagement.point"].create({"name": "Brochure"})
        self.env["marketing.scenario.rule"].create(
            {"step_id": self._step(scenario, "Form?").id, "form_point_id": point.id, "kind": "form_filled"}
        )
        early, late, idle = self.people[2], self.people[3], self.people[4]
        self._enroll(scenario, early | late | idle)
        self.run_due()
        for days, person in ((1, early), (3, late)):
            self.env["marketing.engagement.submission"].create(
                {"point_id": point.id, "partner_id": person.id, "at": MONDAY + timedelta(days=days), "fired": True}
            )
        # as it would have been lived: the late one came after the question
        self.env["marketing.engagement.submission"].search([("partner_id", "=", late.id)]).state = "received"
        self.forward(days=2)
        self.env["marketing.engagement.submission"].search([("partner_id", "=", late.id)]).state = "done"
        self.forward(days=5)
        told = self._back_test(scenario)
        self.assertEqual(self._ways(told["really"], "Form?"), {"yes": 1, "no": 2})
        self.assertEqual(self._ways(told["test"], "Form?"), {"yes": 1, "no": 2})
        draft = scenario._open_draft()
        self._step(draft, "Rest").pause_days = 4
        self.assertEqual(self._ways(self._back_test(draft)["test"], "Form?"), {"yes": 2, "no": 1})

    def test_points_deals_and_tags_are_taken_back(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 2}, "Rest"),
            ("if", {}, "Points?", {"no": [("if", {}, "Deal?", {"no": [("if", {}, "Hot?")]})]}),
        )
        for name, rule in (
            ("Points?", {"kind": "score", "score_value": 10}),
            ("Deal?", {"kind": "opportunity", "opportunity_result": "won"}),
            ("Hot?", {"kind": "tag", "tag_id": self.hot.id}),
        ):
            self.env["marketing.scenario.rule"].create({"step_id": self._step(scenario, name).id, **rule})
        self._enroll(scenario, self.people[2:6])
        self.run_due()
        self.forward(days=2)
        self.set_now(self.now + timedelta(days=1))
        self.people[2]._add_score(20, "Later")
        lead = self._make_lead("Deal", type="opportunity", partner_id=self.people[3].id)
        lead.action_set_won()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = %s", (self.now, lead.id))
        self.env.invalidate_all()
        self.people[4].category_id = self.hot
        told = self._back_test(scenario)
        self.assertEqual(self._ways(told["test"], "Points?"), {"yes": 0, "no": 4})
        self.assertEqual(self._ways(told["test"], "Deal?"), {"yes": 0, "no": 4})
        self.assertEqual(self._ways(told["test"], "Hot?"), {"yes": 1, "no": 3}, "since when is not known")
        self.assertEqual(told["same"], 3)
        self.assertIn("“Hot?” asks: has the tag Hot.", " ".join(told["unknown"]))

    def test_who_was_taken_out_leaves_then(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2}, "Rest"), ("pause", {"pause_days": 2}, "Nap"))
        runs = self._enroll(scenario, self.people[:2])
        self.run_due()
        self.forward(days=1)
        runs[0]._stop("by_hand")
        self.forward(days=1)
        self.forward(days=3)
        told = self._back_test(scenario)
        self.assertEqual(told["test"]["ends"], told["really"]["ends"])
        self.assertEqual(told["same"], 2)

    def test_an_opt_out_comes_after_the_last_message(self):
        scenario = self._story()
        self._live(scenario)
        self.people[2].marketing_refuse_email = True
        told = self._back_test(scenario)
        self.assertEqual(told["same"], 8)
        self.assertIn("1 opt-outs and invalid addresses", " ".join(told["unknown"]))

    def test_what_is_asked_wrongly_is_named(self):
        scenario = self._story()
        for wrong, why in (
            (("soon", "2026-03-05 00:00:00"), "no date and time"),
            (("2026-03-05 00:00:00", "2026-03-01 00:00:00"), "begin before it ends"),
            (("2026-03-01 00:00:00", "2026-03-05 00:00:00"), "Nobody entered"),
        ):
            with self.subTest(why), self.assertRaisesRegex(UserError, why):
                scenario.back_test(*wrong)
        with self.assertRaisesRegex(UserError, "no unpublished changes"):
            scenario.back_test("2026-03-01 00:00:00", "2026-03-05 00:00:00", draft=True)

    def test_only_managers(self):
        user = new_test_user(self.env, "back.user", groups="marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            self._back_test(self._story().with_user(user))


class NotedStory(Story):
    """One whose facts are all noted with their moments: tags are given by steps, and nobody opts in meanwhile."""

    def _person(self, number):
        values = super()._person(number)
        agreed = values["marketing_optin_date"]
        return {**values, "category_id": False, "marketing_optin_date": agreed and min(agreed, BEGIN)}

    def _of_tag(self):
        return {**super()._of_tag(), "tag_action": "add"}


@tagged("post_install", "-at_install")
class TestBackTestOfStories(TransactionCase):
    def test_a_life_is_found_again(self):
        """Random scenarios and people, lived; the back-test of the same scenario finds every way again."""
        for seed in SEEDS:
            with (
                self.subTest(seed),
                patch.object(back_test, "LOOKS", 10**9),  # to the minute
                self.env.cr.savepoint(flush=False) as savepoint,
            ):
                story = NotedStory(self.env, seed)
                lived = story.lived()
                story.at(BEGIN + HORIZON)
                told = story.scenario.back_test(str(BEGIN - timedelta(days=1)), str(BEGIN + timedelta(days=1)))
                self.assertEqual(told["same"], told["walked"], lived)
                self.assertEqual(told["test"]["ends"], told["really"]["ends"])
                savepoint.rollback()
                self.env.transaction.clear()
                self.registry.clear_all_caches()
