"""Who walks beside the control group, counted by anything: the figures of the scenario's own comparison (S43, S58)."""

from ast import literal_eval
from datetime import timedelta

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...tools.proportions import newcombe
from ..step_case import StepCase

MODEL = "marketing.report.control"
COMPARED = ["walked_rate:avg", "held_rate:avg", "difference:max", "difference_from:max", "difference_to:max"]


@tagged("post_install", "-at_install")
class TestControlReport(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._scenario_of("pause", {"pause_days": 30}, control_percent=50, reentry="finished")
        tag = self.env["res.partner.category"].create({"name": "Bought"})
        self.goal = self.env["marketing.scenario.goal"].create(
            {
                "name": "Bought",
                "scenario_id": self.scenario.id,
                "value_kind": "fixed",
                "value": 10,
                "rule_ids": [(0, 0, {"kind": "tag", "tag_id": tag.id})],
            }
        )
        people = self.env["res.partner"].create(
            [
                {
                    "name": f"P{i}",
                    "email": f"p{i}@beside.example.com",
                    "marketing_optin": True,
                    "user_id": self.seller.id if i % 2 else False,
                }
                for i in range(40)
            ]
        )
        runs, _rejected = self.scenario._enroll(people, "hand")
        self.held = runs.filtered(lambda run: run.state == "control")
        self.walking = runs - self.held
        self.goal._reach(self.walking[:4] | self.held[:1])
        # somebody comes again: a person counts once
        self.walking[0].state = "done"
        self.scenario._enroll(self.walking[0].partner_id, "hand")
        self.env.flush_all()
        self.env.invalidate_all()
        self.mine = [("scenario_id", "=", self.scenario.id)]

    def _sides(self, *aggregates, user=None):
        rows = self.env[MODEL].with_user(user or self.env.user)._read_group(self.mine, ["side"], aggregates)
        return {row[0]: row[1:] for row in rows}

    def test_the_figures_are_those_of_the_scenario(self):
        self.scenario._count_control()
        figures = self.scenario.control_figures
        found = self._sides("people:sum", "reached:sum", "value:sum_currency", "goal_rate:avg", "value_each:avg")
        self.assertEqual(found.keys(), {side for side in ("walked", "held") if figures[side]["people"]})
        for side, (people, reached, value, rate, each) in found.items():
            told = figures[side]
            self.assertEqual((people, reached, value), (told["people"], told["goal"], 10 * told["goal"]), side)
            self.assertAlmostEqual(rate, told["goal"] / people)
            self.assertAlmostEqual(each, 10 * told["goal"] / people)

    def _expected(self):
        """``{salesperson, or False for all: rates, difference and range}``, from the raw rows, or None."""
        reached = self.scenario.enrollment_ids.conversion_ids.enrollment_id.partner_id
        everybody = [runs.partner_id for runs in (self.walking, self.held)]
        groups = {False: everybody}
        for user in (self.seller, self.env["res.users"]):
            groups[user] = [people.filtered(lambda who, user=user: who.user_id == user) for people in everybody]
        expected = {}
        for key, sides in groups.items():
            counts = [(len(people & reached), len(people)) for people in sides]
            rates = [100 * count / total if total else None for count, total in counts]
            expected[key] = [*rates, None, None, None]
            if None not in rates:
                low, high = newcombe(*counts[0], *counts[1])
                expected[key][2:] = [rates[0] - rates[1], 100 * low, 100 * high]
        return expected

    def assertCompared(self, told, expected):
        for figure, exact in zip(told, expected, strict=True):
            if exact is None:
                self.assertFalse(figure)
            else:
                self.assertAlmostEqual(figure, exact, 6)

    def test_difference_and_range_of_any_group_of_people(self):
        """In a pivot: those of the documented formula, nothing where one side is empty."""
        rows = {user: row for user, *row in self.env[MODEL]._read_group(self.mine, ["user_id"], COMPARED)}
        rows[False] = self.env[MODEL]._read_group(self.mine, [], COMPARED)[0]
        expected = self._expected()
        for key, row in rows.items():
            self.assertCompared(row, expected[key])

    def test_entries_stand_beside_the_control_group(self):
        """In the report of entries, by the same as there: beside its own figures, in whatever order they are asked."""
        report, expected = self.env["marketing.report.entry"], self._expected()
        asked = ["difference:max", "__count", "walked_rate:avg", "held_rate:avg", *COMPARED[3:], "reached:sum"]
        everybody, by_user = report._read_grouping_sets(self.mine, [[], ["user_id"]], asked)
        walked = self.scenario.enrollment_ids - self.held
        for key, row in [(False, everybody[0]), *((row[0], row[1:]) for row in by_user)]:
            difference, count, walked_rate, held_rate, low, high, reached = row
            self.assertCompared([walked_rate, held_rate, difference, low, high], expected[key])
            mine = walked if key is False else walked.filtered(lambda run, key=key: run.partner_id.user_id == key)
            self.assertEqual((count, reached), (len(mine), len(mine & self.walking[:4])))
        for by in ("door", "entered_at:week"):
            ((_key, *row),) = report._read_group(self.mine, [by], COMPARED)
            self.assertCompared(row, expected[False])
        period = [("entered_at", ">=", self.now), ("entered_at", "<", self.now + timedelta(days=1))]
        self.assertCompared(report._read_group([*self.mine, *period], [], COMPARED)[0], expected[False])
        # the control group ends by no reason of those who walk
        self.assertFalse(any(report._read_group([*self.mine, ("state", "=", "running")], [], COMPARED)[0]))

    def test_messages_and_links_stand_beside_the_control_group_of_their_scenario(self):
        """A message has none of its own: what is told of its scenario is not told of a message."""
        mail = {"email_subject": "Hi", "email_body_html": "<p><a href='https://example.com/a'>A</a></p>"}
        self.scenario = self._scenario_of("email", mail, control_percent=50)
        self.goal = self.goal.copy({"scenario_id": self.scenario.id})
        people = self.env["res.partner"].create(
            [
                {"name": f"M{i}", "email": f"m{i}@beside.example.com", "marketing_optin": True, "user_id": user.id}
                for i, user in enumerate((self.seller, self.env["res.users"]) * 20)
            ]
        )
        runs, _rejected = self.scenario._enroll(people, "hand")
        self.held = runs.filtered(lambda run: run.state == "control")
        self.walking = runs - self.held
        self.run_due()
        self.goal._reach(self.walking[:5] | self.held[:2])
        self._click_all(runs)
        self.env.invalidate_all()
        expected, mine = self._expected(), [("scenario_id", "=", self.scenario.id)]
        for model, moment, own in (("message", "sent_at", "step_id"), ("click", "clicked_at", "label")):
            report = self.env[f"marketing.report.{model}"]
            period = [*mine, (moment, ">=", self.now - timedelta(days=90))]
            with self.subTest(model):
                ((scenario, count, *row),) = report._read_group(period, ["scenario_id"], ["__count", *COMPARED])
                self.assertEqual((scenario, count), (self.scenario, len(self.walking)))
                self.assertCompared(row, expected[False])
                for user, *row in report._read_group(period, ["user_id"], COMPARED):
                    self.assertCompared(row, expected[user])
                self.assertFalse(any(report._read_group(period, [own], COMPARED)[0][1:]))
                self.scenario._count_control()
                self.assertEqual(report.search(mine, limit=1).control_told, self.scenario.control_told)
                self.assertFalse(report.search(mine, limit=1).difference)

    def test_each_figure_of_the_comparison_leads_to_its_people(self):
        for number, run in enumerate([*self.walking[:5], *self.held[:3]]):
            deal = {"name": "Deal", "type": "opportunity", "partner_id": run.partner_id.id}
            deal = self.env["crm.lead"].create({**deal, "expected_revenue": 100 * (number % 2)})
            deal.action_set_won()
            deal.date_closed = self.now
        (self.walking[:2] | self.held[:1]).partner_id.marketing_refuse_email = True
        self.scenario._count_control()
        figures = self.scenario.control_figures
        report = html.fromstring(str(self.scenario.control_report))
        buttons = [(node.get("data-side"), node.get("data-outcome")) for node in report.xpath("//button")]
        outcomes = {None, "goal", "won", "opted_out", "revenue"} if all((self.walking, self.held)) else {None}
        self.assertEqual(set(buttons), {(side, outcome) for side in ("walked", "held") for outcome in outcomes})
        for side, outcome in buttons:
            with self.subTest(side, outcome=outcome):
                action = self.scenario.action_compared_people(side, outcome or False)
                rows = self.env[action["res_model"]].search(action["domain"])
                told = figures[side]
                if outcome == "revenue":
                    self.assertAlmostEqual(sum(rows.mapped("revenue")) / told["people"], told["revenue"])
                else:
                    self.assertEqual(len(rows), told[outcome or "people"])
        with self.assertRaisesRegex(UserError, "outcome: one of"):
            self.scenario.action_compared_people("walked", "enrollment_id")

    def test_the_control_group_reaches_no_goal_of_the_scenario(self):
        """Neither in the rate on the list of scenarios, nor on the goal, in the list behind it, nor in the digest."""
        reached = len(self.walking[:4])
        self.assertEqual((self.scenario.conversion_count, self.goal.conversion_count), (reached, reached))
        walked = self.scenario.enrollment_ids - self.held
        self.assertAlmostEqual(self.scenario.goal_rate, reached / len(walked))
        action = self.scenario.action_view_conversions()
        search = self.env.ref("marketing_scenario.marketing_scenario_conversion_view_search").arch
        counted = literal_eval(html.fromstring(search).xpath("//filter[@name='counted']/@domain")[0])
        shown = self.env[action["res_model"]].search([*action["domain"], *counted])
        self.assertEqual(shown.enrollment_id, self.walking[:4])
        digest = self.env["digest.digest"].create(
            {"name": "Week", "kpi_marketing_entries": True, "kpi_marketing_goals": True}
        )
        digest = digest.with_context(start_datetime=self.now, end_datetime=self.now + timedelta(hours=1))
        self.assertEqual(digest.kpi_marketing_entries_value, len(walked))
        self.assertEqual(digest.kpi_marketing_goals_value, reached)

    def test_the_difference_is_told_in_a_line(self):
        """On the list of scenarios and below its name on the dashboard: goal, difference and range."""
        self.scenario._count_control()
        goal = self.scenario._control_rows()[:1]
        told = self.scenario.control_told
        self.set_now(self.now + timedelta(hours=1))
        row = next(row for row in self.scenario.dashboard(90)["scenarios"] if row["key"] == self.scenario.id)
        self.assertEqual(row["below"], told or "")
        self.assertEqual(bool(told), bool(goal))
        for part in goal:
            self.assertEqual(told, f"Reached a goal: {part['difference']} beside the control group ({part['range']})")

    def test_its_people_are_one_click_away(self):
        action = self.scenario.action_compared_people()
        report = self.env[action["res_model"]]
        self.assertEqual(set(report.search(action["domain"]).enrollment_id), set(self.walking | self.held))

    def test_the_difference_and_its_range_by_what_people_have_in_common(self):
        rows = {row["key"]: row for row in self.scenario.compare_by("user_id")}
        reached = self.goal.scenario_id.enrollment_ids.conversion_ids.enrollment_id.partner_id
        for user in (self.seller, self.env["res.users"]):
            mine = [
                {run.partner_id for run in runs if run.partner_id.user_id == user} for runs in (self.walking, self.held)
            ]
            row = rows.get(user.id)
            self.assertEqual([len(people) for people in mine], [row["people"], row["held_people"]] if row else [0, 0])
            if all(mine):
                shares = [len(people & set(reached)) / len(people) for people in mine]
                self.assertIn(self.scenario._signed((shares[0] - shares[1]) * 100), row["difference"])
                counts = [number for people in mine for number in (len(people & set(reached)), len(people))]
                low, high = newcombe(*counts)
                self.assertEqual(row["proved"], low > 0 or high < 0)
                self.assertIn(self.scenario._signed(high * 100), row["range"])
        for by in ("lang", "source_id", "target_kind"):
            told = self.scenario.compare_by(by)
            self.assertEqual(sum(row["people"] + row["held_people"] for row in told), len(self.walking | self.held))
        with self.assertRaisesRegex(UserError, "by: one of"):
            self.scenario.compare_by("enrollment_id")

    def test_by_salesperson(self):
        rows = self.env[MODEL]._read_group(self.mine, ["user_id", "side"], ["__count"])
        found = {(user, side): count for user, side, count in rows}
        for side, runs in (("walked", self.walking), ("held", self.held)):
            for user, mine in runs.grouped(lambda run: run.partner_id.user_id).items():
                self.assertEqual(found[user, side], len(mine))

    def test_a_salesperson_sees_figures_of_all_and_people_of_theirs(self):
        lead = self._make_lead("Mine", user_id=self.seller.id)
        other = self._make_lead("Theirs", user_id=self.env.user.id)
        runs, _rejected = self.scenario._enroll(lead | other, "hand")
        self.env.flush_all()
        self.assertEqual(self._sides("__count", user=self.seller), self._sides("__count"))
        report = self.env[MODEL].with_user(self.seller)
        seen = report.search([*self.mine, ("target_kind", "=", "lead")])
        self.assertEqual(seen.enrollment_id, runs.filtered(lambda run: run.lead_id == lead))

    def test_a_scenario_without_a_control_group_is_not_in_it(self):
        self.scenario.control_percent = 0
        self.env.flush_all()
        self.assertFalse(self.env[MODEL].search(self.mine))

    def test_figures_are_those_of_ones_companies(self):
        self.scenario.company_id = self.env.company
        self.scenario.enrollment_ids.company_id = self.env.company
        second = self.env["res.company"].create({"name": "Second"})
        other = new_test_user(
            self.env,
            "beside_reader",
            groups="marketing_scenario.group_scenario_manager",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        self.env.flush_all()
        self.assertFalse(self._sides("__count", user=other))
