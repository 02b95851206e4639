"""The canvas opens with one request, the same for twenty steps and for two hundred (S38)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.channels.sql import FACTS_TOLD
from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
DAY = {"pause_days": 1}
SCORE = {"rule_ids": [(0, 0, {"kind": "score", "score_operator": ">=", "score_value": 3})]}
FIGURES = {"inside", "passed", "skipped", "errors"}


@tagged("post_install", "-at_install")
class TestCanvas(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "canvas_user", groups="marketing_scenario.group_scenario_user")

    def card(self, scenario, name):
        return next(step for step in scenario.canvas()["steps"] if step["name"] == name)

    def test_a_card_says_what_the_browser_must_know(self):
        scenario = self._make_scenario(
            ("email", MAIL, "mail"),
            ("if", SCORE, "ask", {"yes": [("pause", DAY, "wait"), ("goto", {}, "back")], "no": []}),
            active=False,
        )
        self._step(scenario, "back").goto_step_id = self._step(scenario, "mail")
        scenario.action_add_missing_ends()
        picture = scenario.canvas()
        names = [step["name"] for step in picture["steps"]]
        self.assertEqual(names, ["Start", "mail", "ask", "wait", "back", "End"], "in reading order")
        mail, ask, back = (self.card(scenario, name) for name in ("mail", "ask", "back"))
        self.assertEqual((mail["told"][:2], mail["summary"]), (("sent", "opened"), "Hi"))
        self.assertEqual(mail["parent"], picture["steps"][0]["id"])
        rules = self._step(scenario, "ask")._rules_summary()
        self.assertEqual(ask["outcomes"], [["yes", "Yes", rules], ["no", "No", ""]])
        self.assertEqual((back["jump"], back["outcomes"]), (mail["id"], []))
        self.assertEqual([picture["steps"][0]["edge"], picture["steps"][-1]["edge"]], ["start", "end"])
        self.assertTrue(picture["scenario"]["can_edit"])
        families = {family["code"] for family in picture["families"]}
        self.assertFalse({entry["family"] for entry in picture["palette"]} - families)
        self.assertEqual({entry["type"]: entry["outcomes"] for entry in picture["palette"]}["if"], 2)

    def test_many_steps_cost_no_more_statements(self):
        def steps(count):
            kinds = [
                ("email", MAIL),
                ("pause", DAY),
                ("tag", {}),
                ("score", {}),
                ("if", SCORE),
                ("sms", {"sms_body": "Hi"}),
                ("switch", {"case_ids": [(0, 0, {"name": "one", **SCORE})]}),
                ("goto", {}),
            ]
            line = []
            for number in reversed(range(count)):
                kind, settings = kinds[number % 7]
                spec = (kind, settings, f"{kind} {number}")
                if kind == "if":
                    line = [(*spec, {"yes": line})]
                elif kind == "switch":
                    line = [(*spec, {"otherwise": line})]
                else:
                    line = [spec, *line]
            return line

        few, many = (self._make_scenario(*steps(count), active=False) for count in (20, 200))
        counts = []
        for scenario in (few, many, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            scenario.with_user(self.user).canvas()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[3])

    def test_each_figure_opens_the_people_it_counts(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), ("pause", DAY, "wait"))
        runs = self._walk(scenario, self.contact, self.account, self.lead, self._make_contact("No address"))
        mail = self._step(scenario, "mail")
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)])
        traces.set_sent()
        traces[0].set_opened()
        traces[1].set_replied()
        traces[2].set_clicked()  # and a bounce all the same: it reached nobody
        traces[2].set_bounced()
        traces[0].set_clicked()
        traces[1].marketing_opted_out_at = self.now
        runs[0].write({"state": "error", "next_run_at": False})
        self.env.invalidate_all()
        figures = scenario.canvas_figures()
        self.assertEqual(figures, scenario.canvas()["figures"])
        expected = {"inside": 0, "passed": 3, "skipped": 1, "errors": 0}
        expected |= {"sent": 3, "delivered": 2, "opened": 2, "opened_by_machine": 0, "clicked": 1, "replied": 1}
        expected |= {"bounced": 1, "failed": 0, "opted_out": 1}
        self.assertEqual(figures[mail.id], expected)
        self.assertEqual(set(figures[self._step(scenario, "wait").id]), FIGURES)
        for step, counts in figures.items():
            for figure, count in counts.items():
                with self.subTest(step=step, figure=figure):
                    action = scenario.canvas_people(step, figure)
                    records = self.env[action["res_model"]].search(action["domain"])
                    self.assertEqual(len(records), count)
        with self.assertRaises(UserError):
            scenario.canvas_people(mail.id, "nonsense")
        with self.assertRaises(UserError):
            scenario.canvas_people(0, "inside")

    def test_a_channel_tells_what_comes_back_by_it(self):
        campaign = self.env["marketing.phoning.campaign"].create({"name": "Calls"})
        scenario = self._make_scenario(
            ("sms", {"sms_body": "Hi"}, "text"), ("phoning", {"phoning_campaign_id": campaign.id}, "call"), active=False
        )
        figures = scenario.canvas_figures()
        for name, told in (
            ("text", {"sent", "delivered", "clicked", "bounced", "failed", "opted_out"}),
            ("call", set()),
        ):
            with self.subTest(step=name):
                facts = set(FACTS_TOLD) if told else set()  # rates are parts of others
                self.assertEqual(set(figures[self._step(scenario, name).id]), FIGURES | facts)
                self.assertEqual(set(self.card(scenario, name)["told"]), told)

    def test_the_part_that_took_a_way_and_who_they_are(self):
        rules = [(0, 0, {"kind": "domain", "domain_partner": "[('name', '=', 'Rich')]"})]
        long = {"pause_days": 9}
        ways = {"yes": [("pause", long, "y")], "no": [("pause", long, "n")]}
        scenario = self._make_scenario(("if", {"rule_ids": rules, "if_wait_days": 1}, "ask", ways))
        runs = self._walk(scenario, self._make_contact("Rich"), self.contact)
        self.forward(days=1, minutes=1)
        ask = self._step(scenario, "ask")
        self.env.invalidate_all()
        self.assertEqual(scenario.canvas_figures()[ask.id]["ways"], {"yes": 1, "no": 1})
        for way, run in (("yes", runs[0]), ("no", runs[1])):
            action = scenario.canvas_people(ask.id, "ways", way)
            self.assertEqual(self.env[action["res_model"]].search(action["domain"]).enrollment_id, run)

    def test_what_only_a_machine_opened_is_not_opened(self):
        scenario = self._make_scenario(("email", MAIL, "mail"))
        runs = self._walk(scenario, self.contact, self.account)
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)])
        traces.set_opened()
        traces[0].marketing_opened_by_machine = True
        self.env.invalidate_all()
        mail = self._step(scenario, "mail")
        self.assertEqual(scenario.canvas_figures()[mail.id]["opened"], 1)
        action = scenario.canvas_people(mail.id, "opened")
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]).enrollment_id, runs[1])
        self.assertEqual(scenario.canvas_figures()[mail.id]["opened_by_machine"], 1, "told apart")
        action = scenario.canvas_people(mail.id, "opened_by_machine")
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]).enrollment_id, runs[0])

    def test_a_salesperson_sees_the_figures_and_their_own_people(self):
        scenario = self._make_scenario(("email", MAIL, "mail"))
        runs = self._walk(scenario, self.lead, self._make_lead("Other's", email_from="x@y.example.com", user_id=1))
        self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)]).set_opened()
        self.env.invalidate_all()
        mine = scenario.with_user(self.seller)
        mail = self._step(scenario, "mail")
        self.assertEqual(mine.canvas_figures()[mail.id]["opened"], 2)
        self.assertFalse(mine.canvas()["scenario"]["can_edit"])
        action = mine.canvas_people(mail.id, "opened")
        found = self.env[action["res_model"]].with_user(self.seller).search(action["domain"])
        self.assertEqual(found.enrollment_id, runs[0])

    def test_somebody_inside_is_found_by_who_may_see_them(self):
        scenario = self._make_scenario(("pause", DAY, "wait"))
        other = self._make_lead("Zoe's roof", contact_name="Zoe", user_id=1)
        runs = self._walk(scenario, self._make_contact("Zoe Zephyr"), self.lead, other)
        wait = self._step(scenario, "wait")
        found = scenario.canvas_find("zoe")
        self.assertEqual({row["id"] for row in found}, {runs[0].id, runs[2].id})
        self.assertEqual({(row["step_id"], row["step"]) for row in found}, {(wait.id, "wait")})
        mine = scenario.with_user(self.seller).canvas_find("zoe")
        self.assertNotIn(runs[2].id, [row["id"] for row in mine])
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        self.assertEqual(draft.canvas_find("Zephyr")[0]["step_id"], self._step(draft, "wait").id)
        self.assertEqual(scenario.canvas_find(" "), [])

    def test_a_draft_shows_the_figures_of_what_people_walk_and_what_changed(self):
        scenario = self._make_scenario(("pause", DAY, "first"), ("pause", DAY, "second"))
        self._walk(scenario, self.contact)
        picture = scenario.canvas()
        self.assertEqual((picture["scenario"]["locked"], picture["scenario"]["can_edit"]), (True, False))
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        first, second = (self._step(draft, name) for name in ("first", "second"))
        new = draft.canvas_add("tag", second.id, "next")["selected"]
        draft.canvas_move(second.id, draft.start_step_id.id, "next", True)
        first.pause_days = 7
        picture = draft.canvas()
        self.assertTrue(picture["scenario"]["draft"])
        self.assertEqual(picture["scenario"]["published"], scenario.id)
        refs = {step["id"]: step["ref"] for step in picture["steps"]}
        self.assertEqual(refs[first.id], self._step(scenario, "first").id, "what the browser knows of it stays known")
        self.assertEqual(picture["figures"][first.id]["inside"], 1)
        self.assertEqual(picture["figures"][new]["inside"], 0)
        self.assertEqual(picture["changed"][new], "added")
        self.assertEqual(picture["changed"][first.id], "changed")
        self.assertIn("moved", picture["changed"].values())
        people = draft.canvas_people(first.id, "inside")
        self.assertEqual(self.env[people["res_model"]].search_count(people["domain"]), 1)
        with self.assertRaisesRegex(UserError, "not published"):
            draft.canvas_people(new, "inside")

    def test_a_stranger_sees_nothing(self):
        scenario = self._make_scenario(("pause", DAY, "first"))
        stranger = new_test_user(self.env, "canvas_stranger", groups="base.group_user")
        for call in (
            lambda one: one.canvas(),
            lambda one: one.canvas_figures(),
            lambda one: one.canvas_people(one.sudo().start_step_id.id, "inside"),
        ):
            with self.assertRaises(AccessError):
                call(scenario.with_user(stranger))
