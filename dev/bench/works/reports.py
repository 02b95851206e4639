"""The reports beside two years of history, as three roles: dashboard, funnel, and each report as it opens."""

from datetime import timedelta

from odoo import api

from bench.report import Figure
from bench.works.screens import QUICK_CONTACTS, QUICK_ROUNDS, ROLES, ROUNDS, milliseconds, statements, user

LIMIT_MS, LIMIT_STATEMENTS = 300, 60
MAILS = 3
TRACES_EACH = 10
DAYS = 730  # over which the history is spread: the reports open with the last 90
# all rows are written in the order in which things happened, as in life
RUN = """
    INSERT INTO marketing_scenario_enrollment
           (scenario_id, step_id, partner_id, person_key, target_kind, company_id, state, end_reason, run_number,
            attempts, door, entered_at, ended_at, create_uid, create_date, write_uid, write_date)
    SELECT %(scenario_id)s, %(step_id)s, id, 'email:person' || id || '@example.com', 'contact', %(company_id)s,
           'done', 'end_step', 1, 0,
           (ARRAY['form', 'query', 'api', 'hand'])[1 + id %% 4], at, at + interval '30 days', 1, at, 1, at
      FROM unnest(%(ids)s) AS id
     CROSS JOIN LATERAL (
          SELECT localtimestamp(0) - id::bigint * 7919 %% (%(days)s * 1440) * interval '1 minute' AS at) moment
     ORDER BY at
"""
PATH = """
    INSERT INTO marketing_scenario_trace (enrollment_id, step_id, scenario_id, outcome, at)
    SELECT run.id, (%(step_ids)s::int[])[1 + number %% array_length(%(step_ids)s::int[], 1)], run.scenario_id, 'next',
           run.entered_at + number * interval '1 day'
      FROM marketing_scenario_enrollment run CROSS JOIN generate_series(1, %(each)s) AS number
     WHERE run.scenario_id = %(scenario_id)s ORDER BY run.entered_at + number * interval '1 day'
"""
MESSAGE = """
    INSERT INTO mailing_trace (trace_type, model, res_id, mass_mailing_id, marketing_enrollment_id, trace_status,
                               sent_datetime, open_datetime, links_click_datetime, create_date, write_date)
    SELECT 'mail', 'res.partner', run.partner_id, mailing.id, run.id,
           CASE WHEN run.id %% 3 = 0 THEN 'open' WHEN run.id %% 50 = 1 THEN 'bounce' ELSE 'sent' END,
           run.entered_at + number * interval '7 days', CASE WHEN run.id %% 3 = 0 THEN run.entered_at END,
           CASE WHEN run.id %% 12 = 0 THEN run.entered_at END, run.entered_at, run.entered_at
      FROM marketing_scenario_enrollment run
     CROSS JOIN unnest(%(mailing_ids)s) WITH ORDINALITY AS mailing(id, number)
     WHERE run.scenario_id = %(scenario_id)s ORDER BY run.entered_at + number * interval '7 days'
"""
CLICK = """
    INSERT INTO link_tracker_click (link_id, mailing_trace_id, mass_mailing_id, create_date)
    SELECT %(link_id)s, trace.id, trace.mass_mailing_id, trace.sent_datetime
      FROM mailing_trace trace
     WHERE trace.mass_mailing_id = ANY(%(mailing_ids)s) AND trace.links_click_datetime IS NOT NULL
"""
CONVERSION = """
    INSERT INTO marketing_scenario_conversion
           (goal_id, enrollment_id, scenario_id, company_id, at, days, is_early, value)
    SELECT %(goal_id)s, id, scenario_id, company_id, entered_at + interval '9 days', 9, false, 100
      FROM marketing_scenario_enrollment WHERE scenario_id = %(scenario_id)s AND id %% 20 = 0
"""
DEAL = """
    INSERT INTO crm_lead (name, type, partner_id, company_id, stage_id, active, won_status, priority, expected_revenue,
                          date_conversion, date_closed, create_uid, create_date, write_uid, write_date)
    SELECT 'Deal', 'opportunity', run.partner_id, run.company_id, %(stage_id)s, true,
           CASE WHEN run.id %% 3 = 0 THEN 'won' ELSE 'pending' END, '0', 1000, run.entered_at + interval '20 days',
           CASE WHEN run.id %% 3 = 0 THEN run.entered_at + interval '40 days' END, 1, run.entered_at, 1, run.entered_at
      FROM marketing_scenario_enrollment run WHERE run.scenario_id = %(scenario_id)s AND run.id %% 50 = 0
    RETURNING id
"""


def reports(world, sizes, quick):
    """Questions of the reports; leaves out the network and the browser."""
    looked_at = [size for size in sizes if size >= 100_000] or [QUICK_CONTACTS]
    for size in [QUICK_CONTACTS] if quick else looked_at:
        history = History(world, size)
        for role in ROLES:
            yield from history.figures(role, QUICK_ROUNDS if quick else ROUNDS, quick)
        history.leave()


class History:
    """A scenario of mails that so many people walked in two years."""

    def __init__(self, world, size):
        self.world, self.size = world, size
        mail = {"email_subject": "Hi", "email_body_html": "<p><a href='https://example.com/bench'>Look</a></p>"}
        steps = [("email", {**mail, "name": f"Mail {number}"}) for number in range(MAILS)]
        self.scenario = world.scenario(*steps, name="Reported")
        self.scenario._set_state("inactive")
        goal = world.env["marketing.scenario.goal"].create({"name": "Goal", "scenario_id": self.scenario.id})
        mails = self.scenario.step_ids.filtered(lambda step: step._channel() == "email")
        self.mailings = [step._mail_mailing("res.partner").id for step in mails]
        label = f"Look {self.scenario.id}"  # one of a kind: the work may be measured twice
        link = world.env["link.tracker"].create(
            {"url": "https://example.com/bench", "title": label, "label": label, "mass_mailing_id": self.mailings[0]}
        )
        world.env.flush_all()
        values = {
            "scenario_id": self.scenario.id,
            "step_id": self.scenario.step_ids.sorted("position")[-1].id,
            "step_ids": self.scenario.step_ids.ids,
            "company_id": world.env.company.id,
            "ids": world.partners(size),
            "days": DAYS,
            "each": TRACES_EACH,
            "mailing_ids": self.mailings,
            "link_id": link.id,
            "goal_id": goal.id,
            "stage_id": world.env["crm.stage"].search([], limit=1).id,
        }
        world.cr.execute("SET LOCAL session_replication_role = replica")  # the foreign keys are right: not looked up
        for statement in (RUN, PATH, MESSAGE, CLICK, CONVERSION, DEAL):
            world.cr.execute(statement, values)
        self.deals = [row[0] for row in world.cr.fetchall()]
        world.cr.execute("SET LOCAL session_replication_role = origin")
        self.count()
        world.analyze(*TABLES)

    def count(self):
        """Fill the counters, as the scheduled action does; no trigger has noted what was made above."""
        # the addon can be imported only when Odoo has read its configuration
        from odoo.addons.marketing_scenario.models.reports import sql  # noqa: PLC0415

        sql.forget_hours(self.world.cr)
        self.world.env["marketing.report.stale"]._cron_count()

    def leave(self):
        """Take all of it away again."""
        cr = self.world.cr
        cr.execute("DELETE FROM crm_lead WHERE id = ANY(%s)", [self.deals])
        cr.execute("DELETE FROM link_tracker_click WHERE mass_mailing_id = ANY(%s)", [self.mailings])
        cr.execute("DELETE FROM marketing_scenario_conversion WHERE scenario_id = %s", [self.scenario.id])
        cr.execute("DELETE FROM mailing_trace WHERE mass_mailing_id = ANY(%s)", [self.mailings])
        self.world.empty(self.scenario)
        self.count()
        self.world.analyze(*TABLES)

    def figures(self, role, rounds, quick):
        """Measure each question as one role."""
        env = api.Environment(self.world.cr, user(self.world, role).id, {"lang": "en_US", "tz": "Europe/Paris"})
        for name, look in self.questions(env).items():
            taken, asked = milliseconds(env, look, rounds), statements(env, look)
            figure = Figure(f"{name}, {role}", self.size, note=f"{taken:.0f} ms, {asked} SQL")
            if quick:
                figure.budget, figure.met = f"≤ {LIMIT_STATEMENTS} SQL", asked <= LIMIT_STATEMENTS
            else:
                figure.budget, figure.met = f"≤ {LIMIT_MS} ms", taken <= LIMIT_MS
            yield figure

    def questions(self, env):
        """``{name: function that asks}``."""
        scenario = env["marketing.scenario"].browse(self.scenario.id)
        steps = scenario.step_ids.sorted("position")
        since = env.cr.now() - timedelta(days=90)

        def grouped(model, moment, groupby, aggregates):
            return lambda: env[f"marketing.report.{model}"].formatted_read_group(
                [(moment, ">=", since)], groupby, aggregates
            )

        return {
            "dashboard of a scenario": lambda: scenario.dashboard(90, scenario.id),
            "dashboard of all": lambda: scenario.dashboard(90),
            "period before": lambda: scenario.dashboard_before(90),
            "funnel": lambda: scenario.funnel(steps[0].id, steps[-1].id, 90),
            "entries": grouped("entry", "entered_at", ["entered_at:week", "door"], ["__count"]),
            "messages": grouped("message", "sent_at", ["scenario_id", "step_id"], ["sent:sum", "opened:sum"]),
            "messages by language": grouped("message", "sent_at", ["lang"], ["sent:sum", "opened:sum"]),
            "links": grouped("click", "clicked_at", ["step_id", "label"], ["enrollment_id:count_distinct"]),
            "opportunities": grouped("touch", "at", ["scenario_id", "step_id"], ["revenue:sum_currency"]),
        }


TABLES = (
    "marketing_scenario_enrollment",
    "marketing_scenario_trace",
    "marketing_scenario_conversion",
    "marketing_report_entry_hour",
    "marketing_report_message_hour",
    "marketing_report_stale",
    "mailing_trace",
    "link_tracker_click",
    "crm_lead",
)
