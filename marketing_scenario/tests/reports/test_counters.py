"""What the counters of hours answer is what the rows answer, whatever happens later, and whoever writes it (S43)."""

import random
from datetime import timedelta

from odoo.models import BaseModel
from odoo.tests import new_test_user, tagged

from ...models.reports import sql
from ...models.reports.figures import Figures
from ..step_case import StepCase
from .test_report_figures import TestReportFigures

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}
QUESTIONS = {
    "marketing.report.entry": (
        "entered_at",
        ["door", "lang", "user_id", "source_id", "target_kind", "scenario_id", "company_id", "entered_at:week"],
        [
            "__count",
            "reached:sum",
            "goal_rate:avg",
            "days:sum",
            "days:avg",
            "value:sum_currency",
            "currency_id:array_agg_distinct",
        ],
    ),
    "marketing.report.message": (
        "sent_at",
        [
            "step_id",
            "variant_id",
            "lang",
            "user_id",
            "source_id",
            "door",
            "trace_type",
            "scenario_id",
            "company_id",
            "sent_at:day",
        ],
        ["__count", "open_rate:avg", "click_rate:avg", *(f"{name}:sum" for name in sql.FACTS_TOLD)],
    ),
}


def count_all(env):
    """Count all hours in which something changed."""
    env.flush_all()
    while sql.count_hours(env.cr, 2**31 - 1, 500):
        pass


@tagged("post_install", "-at_install")
class TestCountedFigures(TestReportFigures):
    """All that is asked of the rows, asked of the counters."""

    def setUp(self):
        super().setUp()
        count_all(self.env)


@tagged("post_install", "-at_install")
class TestCounters(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(("email", MAIL, "mail"), ("pause", {"pause_days": 1}, "wait"))
        self.goal = self.env["marketing.scenario.goal"].create(
            {"name": "Goal", "scenario_id": self.scenario.id, "value_kind": "fixed", "value": 7}
        )
        self.people = self.env["res.partner"].create(
            [
                {"name": f"Person {i}", "email": f"person{i}@example.com", "marketing_optin": True, "lang": "en_US"}
                for i in range(8)
            ]
        )
        self.leads = self.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {i}",
                    "type": "lead",
                    "contact_name": f"Lead {i}",
                    "email_from": f"lead{i}@example.com",
                    "marketing_optin": True,
                }
                for i in range(4)
            ]
        )
        for record in [*self.people, *self.leads]:
            self._enroll(self.scenario, record)
            self.forward(minutes=25)
        self.runs = self.scenario.enrollment_ids
        self.traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", self.runs.ids)])
        self.assertEqual(len(self.traces), 12)
        for trace in self.traces:
            trace.write({"trace_status": "sent", "sent_datetime": trace.marketing_enrollment_id.entered_at})
        count_all(self.env)

    def _answers(self, model, domain, groupby, user=None):
        """``(by the counters, by the rows)``."""
        _moment, _groups, aggregates = QUESTIONS[model]
        report = self.env[model].with_user(user or self.env.user)
        rows = report.with_context(marketing_figures=Figures())
        asked = report._for(domain, groupby, aggregates)
        self.assertIsNotNone(asked._hours(), "the counters can answer")
        return [
            [tuple(sorted(value) if isinstance(value, list) else value for value in row) for row in answer]
            for answer in (
                report._read_group(domain, groupby, aggregates),
                BaseModel._read_group(rows, domain, groupby, aggregates),
            )
        ]

    def assertAgree(self, message=None, one_by_one=False):
        """Both answer the same, for the scenario and for a period that ends within hours.

        :param one_by_one: grouped by each field alone, too
        """
        self.env.flush_all()
        self.env.invalidate_all()
        for model, (moment, groups, aggregates) in QUESTIONS.items():
            period = [
                (moment, ">=", self.runs[2].entered_at + timedelta(minutes=7)),
                (moment, "<", self.runs[-2].entered_at + timedelta(minutes=31)),
            ]
            for groupby in ([], groups, *([group] for group in groups if one_by_one)):
                for domain in ([("scenario_id", "=", self.scenario.id)], period):
                    counted, rows = self._answers(model, domain, groupby)
                    self.assertEqual(len(counted), len(rows), (message, groupby))
                    for one, other in zip(counted, rows, strict=True):
                        self.assertEqual(one[: len(groupby)], other[: len(groupby)], (message, groupby))
                        told = zip(aggregates, one[len(groupby) :], other[len(groupby) :], strict=True)
                        for name, figure, raw in told:
                            if isinstance(raw, float):
                                self.assertAlmostEqual(figure, raw, 6, (message, groupby, name))
                            else:
                                self.assertEqual(figure or 0, raw or 0, (message, groupby, name))

    def _deeds(self):
        """What may happen to people, runs and messages after they were counted: ``{name: function}``."""
        second = self.env["res.company"].create({"name": "Second"})
        colleague = new_test_user(self.env, "leaving", groups="sales_team.group_sale_salesman")
        source = self.env["utm.source"].create({"name": "Fair"})
        self.people[5:7].user_id = colleague
        self.leads[0].user_id = colleague
        count_all(self.env)
        traces, runs, people, leads = self.traces, self.runs, self.people, self.leads
        return {
            "an open arrives": lambda: traces[0].set_opened(),
            "a click": lambda: (traces[1].set_opened(), traces[1].set_clicked()),
            "a bounce": lambda: traces[2].set_bounced(),
            "an answer": lambda: traces[3].set_replied(),
            "a person opens after a machine": lambda: traces[0].write({"marketing_opened_by_machine": True}),
            "an opt-out": lambda: traces[4].write({"marketing_opted_out_at": self.now}),
            "sent later than queued": lambda: traces[5].write({"sent_datetime": self.now + timedelta(hours=5)}),
            "by a statement": lambda: self.env.cr.execute(
                "UPDATE mailing_trace SET trace_status = 'open' WHERE id = %s", [traces[6].id]
            ),
            "a goal": lambda: self.goal._reach(runs[:5]),
            "a goal is taken back": lambda: self.env["marketing.scenario.conversion"].search([], limit=1).unlink(),
            "another salesperson": lambda: people[0].write({"user_id": self.seller.id}),
            "another language": lambda: people[1].write({"lang": False}),
            "a lead's salesperson": lambda: leads[1].write({"user_id": self.seller.id}),
            "a lead's source": lambda: leads[2].write({"source_id": source.id}),
            "a lead gets a contact": lambda: leads[3].write({"partner_id": self.contact.id}),
            "its contact's language": lambda: self.contact.write({"lang": "en_US"}),
            "the source is deleted": lambda: source.unlink(),
            "the salesperson is deleted": lambda: colleague.unlink(),
            "leads are merged": lambda: leads[:2].merge_opportunity(),
            "contacts are merged": lambda: self.env["base.partner.merge.automatic.wizard"]._merge(
                people[:2].ids, people[0]
            ),
            "a run is deleted": lambda: runs[4].unlink(),
            "a message is deleted": lambda: traces[7].unlink(),
            "a person is erased": lambda: people[3].action_marketing_erase(),
            "a person is deleted": lambda: people[4].unlink(),
            "another company": lambda: self.scenario.write({"company_id": second.id}),
            "all companies": lambda: self.scenario.write({"company_id": False}),
            "a step is deleted": lambda: (
                self.scenario.enrollment_ids._stop("manual"),
                self._step(self.scenario, "mail").unlink(),
            ),
        }

    def test_whatever_happens_later(self):
        self.assertAgree("at first", one_by_one=True)
        self.env.user.company_ids = [(4, self.env["res.company"].search([], order="id desc", limit=1).id)]
        for name, deed in self._deeds().items():
            deed()
            self.assertAgree(f"{name}: noted")
            count_all(self.env)
            self.assertAgree(f"{name}: counted")

    def test_in_any_order(self):
        deeds = list(self._deeds().items())[:15]  # those after which all rows are still there
        chance = random.Random(43)  # noqa: S311 no secret
        for _round in range(3):
            chance.shuffle(deeds)
            for name, deed in deeds:
                deed()
                if chance.random() < 0.4:
                    count_all(self.env)
                if chance.random() < 0.2:
                    self.assertAgree(name)
        self.assertAgree(one_by_one=True)

    def test_it_is_the_counters_that_answer(self):
        self.assertFalse(sql.stale_hours(self.env.cr))
        self.env.cr.execute("UPDATE marketing_report_message_hour SET sent = sent + 100")
        counted, rows = self._answers("marketing.report.message", [("scenario_id", "=", self.scenario.id)], [])
        self.assertGreater(counted[0][1 + 2], rows[0][1 + 2])

    def test_what_the_counters_do_not_know_is_read(self):
        report = self.env["marketing.report.message"]
        for domain, groupby, aggregates in (
            ([("opened", "=", 1)], [], ["__count"]),
            ([("sent_at", "=", False)], [], ["__count"]),
            ([], ["sent_at:month", "enrollment_id"], ["__count"]),
            ([], [], ["sent:max"]),
            ([], [], ["lang:count"]),
        ):
            self.assertIsNone(report._for(domain, groupby, aggregates)._hours(), (domain, groupby, aggregates))
        # half hours are in no counter
        india = report.with_context(tz="Asia/Kolkata")
        self.assertIsNone(india._for([], ["sent_at:day"], ["sent:sum"])._hours())
        self.assertIsNotNone(india._for([], ["step_id"], ["sent:sum"])._hours())

    def test_nobody_from_outside_asks_the_counters(self):
        report = self.env["marketing.report.message"].with_user(self.seller)
        for said in (True, [], {"hours": []}):
            self.assertIsNone(report.with_context(marketing_figures=said)._hours())
            self.assertFalse(report.with_context(marketing_figures=said).search([]) - report.search([]))

    def test_the_control_group_is_no_entry(self):
        self.runs[0]._write({"state": "control"})
        self.env.flush_all()
        found = self.env["marketing.report.entry"]._read_group(
            [("scenario_id", "=", self.scenario.id)], [], ["__count"]
        )
        self.assertEqual(found, [(11,)])
        self.assertAgree()

    def test_the_scheduled_action(self):
        self.traces[0].set_opened()
        self.env.flush_all()
        self.assertTrue(sql.stale_hours(self.env.cr))
        with self.enter_registry_test_mode():
            for _nothing_new in range(2):
                self.env.ref("marketing_scenario.ir_cron_count_hours").method_direct_trigger()
        self.assertFalse(sql.stale_hours(self.env.cr))
        self.assertAgree()

    def test_all_anew(self):
        self.env.cr.execute("DELETE FROM marketing_report_message_hour")
        self.env.cr.execute("UPDATE marketing_report_entry_hour SET number = 77, hour = hour - interval '9 days'")
        sql.forget_hours(self.env.cr)
        self.assertAgree()
        count_all(self.env)
        self.assertAgree()

    def test_what_nobody_watched_is_counted_anew(self):
        """As in a database of a version without counters."""
        self.env.flush_all()
        sql.watch_no_more(self.env.cr)
        self.traces[0].set_opened()
        self.env.flush_all()
        self.assertFalse(sql.stale_hours(self.env.cr))
        sql.watch(self.env.cr)
        self.assertAgree()
        count_all(self.env)
        sql.watch(self.env.cr)
        self.assertFalse(sql.stale_hours(self.env.cr), "nothing was missing")

    def test_a_run_that_has_not_entered_has_no_hour(self):
        self.env.cr.execute(
            "UPDATE marketing_scenario_enrollment SET entered_at = NULL, door = 'api' WHERE id = %s", [self.runs[0].id]
        )
        self.env["marketing.scenario.conversion"].search([], limit=1).enrollment_id = self.runs[0]
        self.env.flush_all()
        sql.forget_hours(self.env.cr)
        self.assertNotIn(None, sql.stale_hours(self.env.cr))
