"""What will happen to many people, before it does (S55)."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, ScenarioCase

LINKS = ("https://shop.example.com/offer", "https://shop.example.com/story")
BODY = "<p>Hello</p>" + "".join(f'<a href="{link}">{number}</a>' for number, link in enumerate(LINKS))
NOBODY = {"opened": 0, "clicked": 0, "replied": 0}
EVERYBODY = {"opened": 100, "clicked": 100, "replied": 0}


@tagged("post_install", "-at_install")
class TestForecast(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.group = cls.env["res.partner.category"].create({"name": "The forecast's"})
        cls.hot = cls.env["res.partner.category"].create({"name": "Hot"})
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "email": f"person{number}@forecast.example.com" if number else False,
                    "marketing_optin": number != 1,
                    "category_id": [(6, 0, (cls.group | cls.hot if number % 2 else cls.group).ids)],
                }
                for number in range(12)
            ]
        )
        cls.domain = f"[('category_id', 'in', {cls.group.ids})]"

    def _story(self, **vals):
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
            (
                "if",
                {"if_wait_days": 5},
                "Clicked?",
                {
                    "yes": [("email", {"email_subject": "More", "email_body_html": "<p>More</p>"}, "More")],
                    "no": [("pause", {"pause_days": 2}, "Rest")],
                },
            ),
            **vals,
        )
        self.env["marketing.scenario.rule"].create(
            {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked"}
        )
        return scenario

    def _ways(self, told, name):
        (step,) = [step for step in told["steps"] if step["name"] == name]
        return {way["code"]: way["count"] for way in step["ways"]}

    def _count(self, rows, reason):
        return sum(row["count"] for row in rows if row["reason"] == reason)

    def test_if_nobody_reacts(self):
        told = self._story().forecast("domain", domain=self.domain, rates=NOBODY)
        self.assertEqual((told["people"], told["walked"], told["inside"]["count"], told["complete"]), (12, 12, 0, True))
        self.assertEqual(self._ways(told, "Clicked?"), {"yes": 0, "no": 12})
        self.assertEqual(told["messages"], [{"hour": "2026-03-02 10:00:00", "type": "mail", "count": 10}])
        self.assertEqual(self._count(told["blocked"], "No opt-in"), 1)
        self.assertEqual(self._count(told["blocked"], "No email address"), 1)
        self.assertEqual(self._count(told["ends"], "Reached the end"), 12)

    def test_if_everybody_clicks(self):
        told = self._story().forecast("domain", domain=self.domain, rates=EVERYBODY)
        self.assertEqual(self._ways(told, "Clicked?"), {"yes": 10, "no": 2})
        self.assertEqual(sum(row["count"] for row in told["messages"]), 20)
        self.assertEqual(
            {rate: known["source"] for rate, known in told["rates"].items()}, dict.fromkeys(NOBODY, "given")
        )

    def test_nothing_stays(self):
        scenario = self._story(active=False)
        models = ("mail.mail", "mailing.trace", "marketing.scenario.enrollment", "marketing.scenario.trace")
        models += ("marketing.scenario.refusal", "link.tracker", "link.tracker.click", "mailing.mailing")
        before = {model: self.env[model].sudo().search_count([]) for model in models}
        scenario.forecast("domain", domain=self.domain, rates=EVERYBODY)
        self.assertEqual({model: self.env[model].sudo().search_count([]) for model in models}, before)
        self.assertEqual(scenario.state, "draft")

    def test_it_says_what_the_real_run_then_does(self):
        """Known behaviour, the same people: forecast first, then for real, way by way and reason by reason."""
        scenario = self._make_scenario(
            ("if", {}, "Hot?", {"yes": [("tag", {"tag_action": "remove", "tag_id": self.hot.id}, "Cool")], "no": [
                ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
                ("pause", {"pause_days": 3}, "Rest"),
                ("if", {"if_wait_days": 1}, "Clicked?", {"yes": [], "no": [("pause", {"pause_hours": 5}, "Nap")]}),
            ]}),
        )  # fmt: skip
        rule = {"step_id": self._step(scenario, "Hot?").id, "kind": "tag", "tag_id": self.hot.id}
        self.env["marketing.scenario.rule"].create(rule)
        rule = {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked"}
        self.env["marketing.scenario.rule"].create(rule)
        told = scenario.forecast("domain", domain=self.domain, rates=NOBODY)
        runs = self._enroll(scenario, self.people)
        for _tick in range(20):
            self.run_due()
            self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)]).set_sent()
            waiting = runs.filtered(lambda run: run.state == "running")
            if not waiting:
                break
            self.set_now(min(waiting.mapped("next_run_at")))
        for step in scenario.step_ids - scenario.start_step_id:
            with self.subTest(step.name):
                traces = self.env["marketing.scenario.trace"].search([("step_id", "=", step.id)])
                (told_step,) = [one for one in told["steps"] if one["ref"] == step.id]
                self.assertEqual(told_step["came"]["count"], len(traces))
                for way in told_step["ways"]:
                    codes = (way["code"], "timeout") if way["code"] == "no" else (way["code"],)
                    self.assertEqual(way["count"], len(traces.filtered(lambda t, c=codes: t.outcome in c)))
        self.assertEqual(sum(row["count"] for row in told["ends"]), 12)

    def test_those_inside_go_on_from_where_they_stand(self):
        scenario = self._story()
        runs = self._enroll(scenario, self.people)
        self.run_due()
        told = scenario.forecast("inside", rates=NOBODY)
        self.assertEqual((told["people"], self._ways(told, "Mail"), told["messages"]), (12, {"next": 0}, []))
        self.assertEqual(self._ways(told, "Clicked?")["no"], 12)
        runs.invalidate_recordset()
        self.assertEqual(set(runs.step_id.mapped("name")), {"Clicked?"})

    def test_leads_click_the_links_that_contacts_got_first(self):
        scenario = self._story()
        self._enroll(scenario, self.people)
        self.run_due()
        self._enroll(scenario, self._make_lead(email_from="lead@forecast.example.com"))
        told = scenario.forecast("recent", rates=EVERYBODY)
        self.assertEqual((told["walked"], self._ways(told, "Clicked?")["yes"]), (13, 11))

    def test_last_months_entries_walk_anew(self):
        scenario = self._story()
        self._enroll(scenario, self.people)
        self.run_due()
        told = scenario.forecast("recent", rates=NOBODY)
        self.assertEqual((told["walked"], told["rejected"]), (12, []))
        self.assertEqual(sum(row["count"] for row in told["messages"]), 10)

    def test_who_may_not_enter_is_told(self):
        scenario = self._story(target_kinds="account")
        told = scenario.forecast("domain", domain=self.domain, rates=NOBODY)
        who = {"res.partner": self.people.ids}
        self.assertEqual(told["rejected"], [{"reason": "This kind of record is not accepted", "count": 12, "who": who}])

    def test_who_passes_the_cap(self):
        self.env.company.write({"marketing_cap_count": 1, "marketing_cap_days": 7})
        told = self._story().forecast("domain", domain=self.domain, rates=EVERYBODY)
        reached = self.people[2:].ids  # neither without address nor without opt-in
        wanted = {"count": 10, "who": {"res.partner": reached}}
        self.assertEqual(told["capped"], wanted, "the second mail comes too soon after the first one")
        later = [row for row in told["messages"] if row["hour"] > "2026-03-09"]
        self.assertEqual(sum(row["count"] for row in later), 10)

    def test_the_people_behind_each_figure(self):
        """Of an arrow, a card, a reason, an end: whom a forecast speaks of can be looked at."""
        scenario = self._story()
        told = scenario.forecast("domain", domain=self.domain, rates=EVERYBODY)
        nameless, refused, others = self.people[0], self.people[1], self.people[2:]
        (asked,) = [step for step in told["steps"] if step["name"] == "Clicked?"]
        ways = {way["code"]: way["who"] for way in asked["ways"]}
        self.assertEqual(ways["yes"], {"res.partner": others.ids})
        self.assertEqual(ways["no"], {"res.partner": (nameless | refused).ids})
        self.assertEqual(asked["came"]["who"], {"res.partner": self.people.ids})
        blocked = {row["reason"]: row["who"] for row in told["blocked"]}
        self.assertEqual(blocked["No opt-in"], {"res.partner": refused.ids})
        (mail,) = [step for step in told["steps"] if step["name"] == "Mail"]
        self.assertEqual(mail["skipped"], {"count": 2, "who": {"res.partner": (nameless | refused).ids}})
        (end,) = [row for row in told["ends"] if row["reason"] == "Reached the end"]
        self.assertEqual(end["who"], {"res.partner": self.people.ids})
        ended = [step for step in told["steps"] if step["ended"]]
        self.assertEqual({step["family"] for step in ended}, {"edge"})
        self.assertEqual(sum(row["count"] for step in ended for row in step["ended"]), 12)
        with patch("odoo.addons.marketing_scenario.models.simulation.total.MOST_PEOPLE", 3):
            few = scenario.forecast("domain", domain=self.domain, rates=EVERYBODY)
        (end,) = [row for row in few["ends"] if row["reason"] == "Reached the end"]
        self.assertEqual((end["count"], len(end["who"]["res.partner"])), (12, 3))

    def test_rates_are_measured_where_enough_is_known(self):
        scenario = self._story()
        told = scenario.forecast("domain", domain=self.domain)
        self.assertEqual(told["rates"]["opened"], {"percent": 35.0, "source": "assumed"})
        mailing = self._step(scenario, "Mail")._mail_mailing("res.partner")
        self.env["mailing.trace"].create(
            [
                {
                    "trace_type": "mail",
                    "email": f"old{number}@example.com",
                    "model": "res.partner",
                    "res_id": self.contact.id,
                    "mass_mailing_id": mailing.id,
                    "trace_status": "open" if number < 50 else "sent",
                    "sent_datetime": MONDAY,
                    "open_datetime": MONDAY if number < 50 else False,
                    "marketing_opened_by_machine": number < 10,
                }
                for number in range(200)
            ]
        )
        told = scenario.forecast("domain", domain=self.domain)
        self.assertEqual(told["rates"]["opened"], {"percent": 20.0, "source": "scenario"}, "by people")
        other = self._story(name="Other")
        self.assertEqual(other.forecast("domain", domain=self.domain)["rates"]["opened"]["source"], "company")

    def test_a_sample_stands_for_many_and_its_error_is_told(self):
        scenario = self._story()
        with patch("odoo.addons.marketing_scenario.models.simulation.forecast.SAMPLE", 4):
            told = scenario.forecast("domain", domain=self.domain, rates=NOBODY)
        self.assertEqual((told["people"], told["walked"], told["off_by"]), (12, 4, 49.0))
        self.assertEqual(scenario.forecast("domain", domain=self.domain, rates=NOBODY)["off_by"], 0)

    def test_for_a_query_and_for_records_chosen_in_a_list(self):
        scenario = self._story()
        query = self.env["marketing.scenario.query"].create(
            {"name": "Group", "scenario_id": scenario.id, "model_name": "res.partner", "domain": self.domain}
        )
        wizard = self.env["marketing.scenario.enroll"].with_context(
            active_model="res.partner", active_ids=self.people[:5].ids
        )
        for action, count in (
            (query.action_forecast(), 12),
            (wizard.create({"scenario_id": scenario.id}).action_forecast(), 5),
        ):
            asked = action["params"]
            told = scenario.forecast(asked["who"], asked["model"], asked["domain"], rates=NOBODY)
            self.assertEqual(told["people"], count)
        with self.assertRaisesRegex(UserError, "Choose a scenario"):
            wizard.create({}).action_forecast()
        mailing_list = self.env["mailing.list"].create({"name": "News"})
        self.env["mailing.contact"].create({"name": "Two", "email": self.people[2].email, "list_ids": mailing_list.ids})
        listed = f"[('marketing_mailing_list_ids', 'in', {mailing_list.ids})]"
        told = scenario.forecast("domain", domain=listed, rates=NOBODY)
        self.assertEqual(told["steps"][0]["came"], {"count": 1, "who": {"res.partner": self.people[2].ids}})

    def test_two_versions_differ_by_what_was_changed(self):
        """The same people react alike to the same messages: what was not changed stays the same."""
        scenario = self._story()
        draft = scenario._open_draft()
        self._step(draft, "Rest").child_ids.with_context(marketing_editing=True).unlink()
        self._add_steps(self._step(draft, "Rest"), "next", [("tag", {"tag_id": self.hot.id}, "Cold")])
        draft.action_add_missing_ends()
        half = {"opened": 60, "clicked": 50, "replied": 0}
        told = {one: scenario.forecast("domain", domain=self.domain, rates=half, draft=one) for one in (False, True)}
        self.assertEqual(self._ways(told[False], "Clicked?"), self._ways(told[True], "Clicked?"))
        self.assertEqual(told[False]["messages"], told[True]["messages"])
        self.assertEqual(self._count(told[True]["blocked"], "No opt-in"), 1)
        (cold,) = [step for step in told[True]["steps"] if step["name"] == "Cold"]
        self.assertEqual(cold["came"]["count"], self._ways(told[True], "Clicked?")["no"])
        self.assertNotIn("Cold", [step["name"] for step in told[False]["steps"]])
        ids = [{step["ref"] for step in one["steps"]} for one in told.values()]
        gone = self._step(scenario, "Rest").child_ids
        (added,) = ids[1] - ids[0] - set(draft.step_ids.filtered(lambda step: step.step_type == "end").ids)
        self.assertEqual(added, self._step(draft, "Cold").id, "a new one by its id in the draft")
        self.assertEqual(ids[0] - ids[1], set(gone.ids), "steps that both have are known by their ids")
        self.assertEqual(draft.forecast("domain", domain=self.domain, rates=half)["steps"][0], told[True]["steps"][0])
        self.assertTrue(draft.exists())
        self.assertEqual(scenario.action_forecast()["params"]["draft"], False)
        asked = {"scenario_id": scenario.id, "who": "domain", "draft": True, "tree_id": draft.id}
        self.assertEqual(draft.action_forecast()["params"], asked)
        draft.action_discard()
        with self.assertRaisesRegex(UserError, "no unpublished changes"):
            scenario.forecast("domain", domain=self.domain, draft=True)

    def test_what_is_asked_wrongly_is_named(self):
        scenario = self._story()
        for wrong in ({"who": "all"}, {"who": "domain", "domain": "[(1"}, {"who": "inside", "rates": {"opened": 101}}):
            with self.subTest(wrong), self.assertRaises(UserError):
                scenario.forecast(**wrong)

    def test_only_managers(self):
        user = new_test_user(self.env, "forecast.user", groups="marketing_scenario.group_scenario_user")
        with self.assertRaises(AccessError):
            self._story().with_user(user).forecast("inside")
