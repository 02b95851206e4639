"""The figures of the reports are those of the raw rows, for all; their rows are people (S43, S48)."""

import random
from collections import Counter
from datetime import timedelta

from odoo.tests import new_test_user, tagged

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
                opened = arrived and (clicked or bool(trace.open_datetime) or status in ("open", "reply"))
                machine = trace.marketing_opened_by_machine
                figures["sent"] += status != "error"
                figures["delivered"] += opened or status in ("sent", "open", "reply")
                figures["opened"] += opened and not machine
                figures["opened_by_machine"] += opened and machine
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
