"""The figures of the reports are those of the raw rows, for all; their rows are people (S43, S48)."""

import random
from collections import Counter
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ...models.enrollment.states import is_passed
from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p><a href='https://example.com/a'>A</a></p>"}
STATES = ("sent", "open", "reply", "bounce", "error", "outgoing", "cancel")


@tagged("post_install", "-at_install")
class TestReportFigures(StepCase):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(13)  # noqa: S311 no secret
        self.scenario = self._make_scenario(
            ("email", MAIL, "first"), ("pause", {"pause_days": 1}, "wait"), ("email", MAIL, "second")
        )
        tag = self.env["res.partner.category"].create({"name": "Bought"})
        self.goal = self.env["marketing.scenario.goal"].create(
            {
                "name": "Bought",
                "scenario_id": self.scenario.id,
                "value_kind": "fixed",
                "value": 7,
                "rule_ids": [(0, 0, {"kind": "tag", "tag_id": tag.id})],
            }
        )
        self.people = self.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "email": f"person{number}@example.com",
                    "marketing_optin": True,
                    "lang": self.chance.choice(["en_US", "fr_FR"]) if self._has_french() else "en_US",
                    "user_id": self.chance.choice([self.seller.id, False]),
                }
                for number in range(24)
            ]
        )
        for number, person in enumerate(self.people):
            self._enroll(self.scenario, person, self.chance.choice(["hand", "form", "query"]))
            if number % 8 == 7:
                self.forward(days=1)
        self.forward(days=2)
        self.runs = self.scenario.enrollment_ids
        self.traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", self.runs.ids)])
        for trace in self.traces:
            trace.trace_status = self.chance.choice(STATES)
            trace.sent_datetime = trace.marketing_enrollment_id.entered_at + timedelta(hours=1)
            if self.chance.random() < 0.3:
                trace.links_click_datetime = self.now
            trace.marketing_opened_by_machine = self.chance.random() < 0.3
        self.goal._reach(self.runs.browse(self.chance.sample(self.runs.ids, 9)))
        self.env.flush_all()
        self.env.invalidate_all()

    def _has_french(self):
        return "fr_FR" in dict(self.env["res.lang"].get_installed())

    def _groups(self, model, by, *aggregates, user=None):
        report = self.env[model].with_user(user or self.env.user)
        return {
            row[0]: row[1:] for row in report._read_group([("scenario_id", "=", self.scenario.id)], [by], aggregates)
        }

    def test_entries_by_door(self):
        reached = {conversion.enrollment_id for conversion in self.runs.conversion_ids}
        expected = {
            door: (
                len(runs),
                sum(run in reached for run in runs),
                sum(run in reached for run in runs) / len(runs),
                7.0 * sum(run in reached for run in runs),
            )
            for door, runs in self.runs.grouped("door").items()
        }
        found = self._groups(
            "marketing.report.entry", "door", "__count", "reached:sum", "goal_rate:avg", "value:sum_currency"
        )
        self.assertEqual(found.keys(), expected.keys())
        for door, figures in expected.items():
            for one, other in zip(found[door], figures, strict=True):
                self.assertAlmostEqual(one or 0, other, 4, door)

    def test_entries_by_salesperson_and_language(self):
        for by, value in (("user_id", lambda run: run.partner_id.user_id), ("lang", lambda run: run.partner_id.lang)):
            found = {key: count for key, (count,) in self._groups("marketing.report.entry", by, "__count").items()}
            self.assertEqual(found, Counter(value(run) for run in self.runs))

    def test_messages_by_step(self):
        def told(traces):
            left = traces.filtered(lambda trace: trace.trace_status not in ("outgoing", "process", "cancel"))
            figures = Counter()
            for trace in left:
                status = trace.trace_status
                arrived = status not in ("bounce", "error")
                clicked = arrived and bool(trace.links_click_datetime)
                reacted = clicked or status == "reply"
                fetched = arrived and (bool(trace.open_datetime) or status == "open")
                machine = trace.marketing_opened_by_machine
                figures["sent"] += status != "error"
                figures["delivered"] += reacted or fetched or status in ("sent", "open", "reply")
                figures["opened"] += reacted or fetched and not machine
                figures["opened_by_machine"] += fetched and machine and not reacted
                figures["clicked"] += clicked
                figures["replied"] += status == "reply"
                figures["bounced"] += status == "bounce"
                figures["failed"] += status == "error"
            return figures

        names = ("sent", "delivered", "opened", "opened_by_machine", "clicked", "replied", "bounced", "failed")
        found = self._groups("marketing.report.message", "step_id", *(f"{name}:sum" for name in names))
        self.assertEqual(len(found), 2)
        for step, figures in found.items():
            mine = self.traces.filtered(lambda trace, step=step: trace.mass_mailing_id.marketing_step_id == step)
            self.assertEqual(Counter(dict(zip(names, figures, strict=True))), told(mine), step.name)
            ((rate, opened, delivered),) = self.env["marketing.report.message"]._read_group(
                [("step_id", "=", step.id)], [], ["open_rate:avg", "opened:sum", "delivered:sum"]
            )
            self.assertAlmostEqual(rate, opened / delivered)

    def test_the_cards_tell_what_the_reports_tell(self):
        """Of each step, and each figure of a card leads to so many people."""
        names = ("sent", "delivered", "opened", "opened_by_machine", "clicked", "replied", "bounced", "failed")
        found = self._groups("marketing.report.message", "step_id", *(f"{name}:sum" for name in names))
        cards = self.scenario.canvas_figures()
        for step, figures in found.items():
            told = dict(zip(names, figures, strict=True))
            self.assertEqual({name: cards[step.id][name] for name in names}, told, step.name)
            for name, figure in told.items():
                action = self.scenario.canvas_people(step.id, name)
                self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), figure, name)

    def test_a_scenario_of_all_companies_tells_each_what_is_theirs(self):
        first = self.env.company
        second = self.env["res.company"].create({"name": "Second", "email": "second@example.com"})
        scenario = self._make_scenario(("email", MAIL, "shared"), company_id=False)
        theirs = self._make_contact("Theirs", "theirs@example.com", company_id=second.id)
        runs = self._walk(scenario, self._make_contact("Ours", "ours@example.com", company_id=first.id), theirs)
        self._click_all(runs)
        other = new_test_user(
            self.env,
            "other_reader",
            groups="marketing_scenario.group_scenario_manager,sales_team.group_sale_salesman_all_leads",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        for model in ("entry", "message", "click"):
            report = self.env[f"marketing.report.{model}"].with_user(other)
            self.assertEqual(report._read_group([("scenario_id", "=", scenario.id)], [], ["__count"]), [(1,)], model)

    def test_messages_by_version(self):
        variant = {"name": "B", "share": 100, "email_subject": "Bold"}
        scenario = self._make_scenario(("email", {**MAIL, "variant_ids": [(0, 0, variant)]}, "tested"))
        runs = self._walk(scenario, self.contact)
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)])
        traces.write({"trace_status": "sent", "sent_datetime": self.now})
        self.env.flush_all()
        step = self._step(scenario, "tested")
        action = step.action_trial_people()
        report = self.env[action["res_model"]]
        found = report._read_group(action["domain"], ["variant_id"], ["sent:sum"])
        self.assertEqual(found, [(step.variant_ids, 1)])
        self.assertEqual(report.search(action["domain"]).enrollment_id, runs)

    def test_opportunities_by_message(self):
        """First, last and shared, recomputed from the messages of each person."""
        deals = self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "partner_id": self.chance.choice(self.people).id,
                    "expected_revenue": self.chance.randrange(100, 1000),
                }
                for number in range(16)
            ]
        )
        for deal in deals:
            if self.chance.random() < 0.6:
                deal.action_set_won()
                deal.date_closed = self.now + timedelta(days=self.chance.choice([0, 20, 80, 120]))
            deal.date_conversion = self.now + timedelta(days=self.chance.choice([-30, 0, 50, 85, 95]))
        self.env.flush_all()
        gone = ("outgoing", "process", "cancel", "error", "bounce")
        arrived = self.traces.filtered(lambda trace: trace.trace_status not in gone)
        names = ("created", "won", "revenue", "revenue_first", "revenue_last", "revenue_even")
        for method in ("first", "last", "even"):
            self.scenario.attribution = method
            self.env.flush_all()
            expected = {step.id: Counter() for step in self.scenario.step_ids}
            for deal in deals:
                won_at = deal.date_closed if deal.won_status == "won" else None
                for fact, at in (("created", deal.date_conversion), ("won", won_at)):
                    got = arrived.filtered(
                        lambda trace, deal=deal, at=at: (
                            at
                            and trace.marketing_enrollment_id.partner_id == deal.partner_id
                            and at - timedelta(days=90) < trace.sent_datetime <= at
                        )
                    ).sorted(lambda trace: (trace.sent_datetime, trace.id))
                    for number, trace in enumerate(got):
                        share = {"first": number == 0, "last": number == len(got) - 1, "even": 1 / len(got)}
                        told = expected[trace.mass_mailing_id.marketing_step_id.id]
                        told[fact] += share[method]
                        if fact == "won":
                            told["revenue"] += deal.expected_revenue * share[method]
                            for name, part in share.items():
                                told[f"revenue_{name}"] += deal.expected_revenue * part
            found = self._groups("marketing.report.touch", "step_id", *(f"{name}:sum" for name in names))
            self.assertTrue(found)
            for step, figures in found.items():
                for name, figure in zip(names, figures, strict=True):
                    self.assertAlmostEqual(figure, expected[step.id][name], 2, (method, step.name, name))
                expected.pop(step.id)
            self.assertFalse([told for told in expected.values() if any(told.values())])

    def test_the_funnel_of_the_paths(self):
        start, second = self.scenario.start_step_id, self._step(self.scenario, "second")
        told = self.scenario.funnel(start.id, second.id)

        def passed(step_id):
            return self.runs.filtered(
                lambda run: run.trace_ids.filtered(
                    lambda trace: (
                        trace.step_id.id == step_id
                        and (is_passed(trace.event, trace.outcome) or trace.event == "entered" and step_id == start.id)
                    )
                )
            )

        for step in told["steps"]:
            self.assertEqual(step["count"], len(passed(step["id"])), step["name"])
        missing = len(passed(start.id)) - len(passed(second.id))
        self.assertEqual(sum(row["count"] for row in told["lost"]), missing)

    def test_clicks_and_opportunities_by_language_and_salesperson(self):
        clicks, touches = self.env["marketing.report.click"], self.env["marketing.report.touch"]
        link = self.env["link.tracker"].search([("mass_mailing_id", "in", self.traces.mass_mailing_id.ids)], limit=1)
        for trace in self.traces[:6]:
            self.env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": trace.id})
        self.env.flush_all()
        people = self.traces[:6].marketing_enrollment_id.mapped
        for by, values in (("user_id", "partner_id.user_id"), ("lang", "partner_id.lang")):
            found = self._groups("marketing.report.click", by, "enrollment_id:count_distinct")
            self.assertEqual(set(found) - {self.env["res.users"]}, set(people(values)), by)
            self.assertEqual(sum(count for (count,) in found.values()), len(people("id")), by)
        for report, by in ((clicks, "source_id"), (clicks, "door"), (touches, "lang")):
            report._read_group([("scenario_id", "=", self.scenario.id)], [by], ["__count"])

    def test_clicks_by_link(self):
        self.env["link.tracker"].flush_model()
        link = self.env["link.tracker"].search([("mass_mailing_id", "in", self.traces.mass_mailing_id.ids)], limit=1)
        for trace in self.traces[:3]:
            self.env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": trace.id})
        self.env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": self.traces[0].id})
        found = self._groups("marketing.report.click", "label", "__count", "enrollment_id:count_distinct")
        people = len(self.traces[:3].marketing_enrollment_id)
        self.assertEqual(found, {link.label or link.url: (4, people)})

    def test_an_opt_out_is_known_by_its_message(self):
        trace = self.traces.filtered(lambda trace: trace.trace_status == "sent")[:1]
        trace.mass_mailing_id._marketing_unsubscribe(trace.res_id, trace.email)
        self.env.flush_all()
        found = self._groups("marketing.report.message", "step_id", "opted_out:sum")
        self.assertEqual(sum(count for (count,) in found.values()), 1)

    def test_a_salesperson_sees_figures_of_all_and_people_of_theirs(self):
        self.env.ref("base.group_user")
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Lead {user.login}", "type": "lead", "user_id": user.id, "marketing_optin": True}
                for user in (self.seller, self.env.user)
            ]
        )
        scenario = self._make_scenario(("pause", {"pause_days": 1}))
        self._enroll(scenario, leads)
        self.env.flush_all()
        report = self.env["marketing.report.entry"].with_user(self.seller)
        mine = [("scenario_id", "=", scenario.id)]
        self.assertEqual(report._read_group(mine, ["door"], ["__count"]), [("hand", 2)])
        self.assertEqual(report.search(mine).enrollment_id.lead_id, leads[0])
        # whatever leads to a person is asked of those whom one sees
        self.assertEqual(len(report._read_group(mine, ["enrollment_id"], ["__count"])), 1)
        named = [*mine, ("enrollment_id.lead_id.name", "like", "Lead")]
        self.assertEqual(report._read_group(named, [], ["__count"]), [(1,)])
        self.assertEqual(len(report._read_group(mine, [], ["id:array_agg"])[0][0]), 1)

    def test_figures_are_those_of_ones_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        other = new_test_user(
            self.env,
            "other_reader",
            groups="marketing_scenario.group_scenario_manager,sales_team.group_sale_salesman_all_leads",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        for model in ("entry", "message"):
            report = self.env[f"marketing.report.{model}"].with_user(other)
            self.assertEqual(report._read_group([("scenario_id", "=", self.scenario.id)], [], ["__count"]), [(0,)])
