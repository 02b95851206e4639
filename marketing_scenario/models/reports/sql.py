"""What the reports read: views, whose unused columns and joins PostgreSQL leaves out of each question.

Functions give SQL, or take a cursor and plain values, no records.
"""

from odoo.tools import SQL

ATTRIBUTION_DAYS = 90  # a message has to do with what happens so many days after it
TOUCHES = 4096  # ids of touches: half of so many of an opportunity that came about, half of one that was won

# who is behind a run: a lead's own values first, then its contact's
PERSON = SQL(
    """
    LEFT JOIN crm_lead lead ON lead.id = run.lead_id
    LEFT JOIN res_partner partner ON partner.id = coalesce(run.partner_id, lead.partner_id)
    LEFT JOIN res_lang lang ON lang.id = lead.lang_id
    """
)
ABOUT_PERSON = SQL(
    """
    coalesce(lang.code, partner.lang) AS lang, coalesce(lead.user_id, partner.user_id) AS user_id, lead.source_id
    """
)


def entries():
    """A row a run, with the goals that it reached. Leans on ``enrollment_entered_idx`` for a period."""
    return SQL(
        """
        SELECT run.id, run.id AS enrollment_id, run.scenario_id, run.company_id, run.entered_at, run.door,
               run.target_kind, run.state, run.end_reason, %(person)s,
               CASE WHEN goal.enrollment_id IS NULL THEN 0 ELSE 1 END AS reached,
               CASE WHEN goal.enrollment_id IS NULL THEN 0.0 ELSE 1.0 END AS goal_rate,
               goal.days, goal.value, company.currency_id
          FROM marketing_scenario_enrollment run
          LEFT JOIN res_company company ON company.id = run.company_id
          LEFT JOIN (SELECT enrollment_id, min(days) AS days, sum(value) AS value
                       FROM marketing_scenario_conversion WHERE is_early IS NOT TRUE
                      GROUP BY enrollment_id) goal ON goal.enrollment_id = run.id
        %(joins)s
        """,
        person=ABOUT_PERSON,
        joins=PERSON,
    )


def messages():
    """A row a message that left, or could not. Leans on ``mailing_trace__marketing_sent_idx`` for a period."""
    return SQL(
        """
        SELECT trace.*, run.door, %(person)s
          FROM (SELECT trace.id, trace.marketing_enrollment_id AS enrollment_id, step.scenario_id,
                       scenario.company_id, mailing.marketing_step_id AS step_id, trace.trace_type,
                       coalesce(trace.sent_datetime, trace.create_date) AS sent_at,
                       (trace.trace_status <> 'error')::int AS sent,
                       fact.delivered::int AS delivered,
                       (fact.opened AND trace.marketing_opened_by_machine IS NOT TRUE)::int AS opened,
                       (fact.opened AND trace.marketing_opened_by_machine IS TRUE)::int AS opened_by_machine,
                       fact.clicked::int AS clicked,
                       fact.replied::int AS replied,
                       (trace.trace_status = 'bounce')::int AS bounced,
                       (trace.trace_status = 'error')::int AS failed,
                       (trace.marketing_opted_out_at IS NOT NULL)::int AS opted_out,
                       CASE WHEN fact.delivered
                            THEN (fact.opened AND trace.marketing_opened_by_machine IS NOT TRUE)::int::float
                       END AS open_rate,
                       CASE WHEN fact.delivered THEN fact.clicked::int::float END AS click_rate
                  FROM mailing_trace trace
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                  JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
                  JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
                 CROSS JOIN LATERAL (
                       SELECT trace.trace_status NOT IN ('bounce', 'error') AS arrived,
                              trace.trace_status = 'reply' OR trace.reply_datetime IS NOT NULL AS replied) first
                 CROSS JOIN LATERAL (
                       SELECT first.arrived AND trace.links_click_datetime IS NOT NULL AS clicked, first.replied,
                              first.arrived AND (trace.open_datetime IS NOT NULL
                                                 OR trace.links_click_datetime IS NOT NULL
                                                 OR trace.trace_status IN ('open', 'reply') OR first.replied) AS opened
                       ) seen
                 CROSS JOIN LATERAL (
                       SELECT seen.*, seen.opened OR trace.trace_status IN ('sent', 'open', 'reply') AS delivered) fact
                 WHERE trace.marketing_enrollment_id IS NOT NULL
                   AND trace.trace_status NOT IN ('outgoing', 'process', 'cancel')) trace
          LEFT JOIN marketing_scenario_enrollment run ON run.id = trace.enrollment_id
        %(joins)s
        """,
        person=ABOUT_PERSON,
        joins=PERSON,
    )


def clicks():
    """A row a click."""
    return SQL(
        """
        SELECT click.id, trace.marketing_enrollment_id AS enrollment_id, step.scenario_id, scenario.company_id,
               mailing.marketing_step_id AS step_id, click.create_date AS clicked_at, link.url,
               coalesce(nullif(link.label, ''), link.url) AS label
          FROM link_tracker_click click
          JOIN link_tracker link ON link.id = click.link_id
          JOIN mailing_trace trace ON trace.id = click.mailing_trace_id
          JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
          JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
          JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
         WHERE trace.marketing_enrollment_id IS NOT NULL
        """
    )


def touches(currency_id):
    """A row for each opportunity, what happened to it, and each message before that.

    Opportunity and moment are what the shares are counted within, so that a period, or one opportunity, is looked for
    before they are counted. Leans on the indexes of the target columns and of ``marketing_enrollment_id``.

    :param currency_id: of opportunities without a company
    """
    return SQL(
        """
        SELECT touch.id, touch.fact, touch.at, touch.opportunity_id, touch.enrollment_id, touch.scenario_id,
               touch.company_id, touch.step_id, touch.sent_at, touch.door, touch.user_id, touch.source_id,
               touch.currency_id,
               CASE touch.fact WHEN 'created' THEN share.stated ELSE 0 END AS created,
               CASE touch.fact WHEN 'won' THEN share.stated ELSE 0 END AS won,
               touch.worth * share.stated AS revenue, touch.worth * touch.first AS revenue_first,
               touch.worth * touch.last AS revenue_last, touch.worth * touch.even AS revenue_even
          FROM (SELECT lead.id::bigint * %(touches)s + moment.number * %(touches)s / 2
                       + row_number() OVER (PARTITION BY lead.id, moment.fact, moment.at
                                            ORDER BY trace.sent_datetime, trace.id) AS id, moment.fact, moment.at,
                       lead.id AS opportunity_id, run.id AS enrollment_id, step.scenario_id, scenario.company_id,
                       step.id AS step_id, trace.sent_datetime AS sent_at, run.door, lead.user_id, lead.source_id,
                       scenario.attribution, coalesce(company.currency_id, %(currency_id)s) AS currency_id,
                       CASE moment.fact WHEN 'won' THEN coalesce(lead.expected_revenue, 0) ELSE 0 END AS worth,
                       (row_number() OVER (PARTITION BY lead.id, moment.fact, moment.at
                                           ORDER BY trace.sent_datetime, trace.id) = 1)::int AS first,
                       (row_number() OVER (PARTITION BY lead.id, moment.fact, moment.at
                                           ORDER BY trace.sent_datetime DESC, trace.id DESC) = 1)::int AS last,
                       1.0 / count(*) OVER (PARTITION BY lead.id, moment.fact, moment.at) AS even
                  FROM crm_lead lead
                 CROSS JOIN LATERAL (
                       VALUES (0, 'created', coalesce(lead.date_conversion, lead.create_date)),
                              (1, 'won', CASE lead.won_status WHEN 'won' THEN lead.date_closed END)
                       ) moment(number, fact, at)
                 CROSS JOIN LATERAL (
                       SELECT id, door FROM marketing_scenario_enrollment WHERE lead_id = lead.id
                        UNION ALL
                       SELECT id, door FROM marketing_scenario_enrollment WHERE partner_id = lead.partner_id) run
                  JOIN mailing_trace trace
                    ON trace.marketing_enrollment_id = run.id AND trace.sent_datetime <= moment.at
                   AND trace.sent_datetime > moment.at - make_interval(days => %(days)s)
                   AND trace.trace_status NOT IN ('outgoing', 'process', 'cancel', 'error', 'bounce')
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                  JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
                  JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
                  LEFT JOIN res_company company ON company.id = lead.company_id
                 WHERE lead.type = 'opportunity' AND moment.at IS NOT NULL) touch
         CROSS JOIN LATERAL (
               SELECT CASE touch.attribution WHEN 'first' THEN touch.first WHEN 'even' THEN touch.even
                                             ELSE touch.last END AS stated) share
        """,
        currency_id=currency_id,
        days=ATTRIBUTION_DAYS,
        touches=TOUCHES,
    )


def of_leads(table, lead_ids):
    """Condition: touches of these opportunities, which is looked for before the shares are counted."""
    return SQL("%s.opportunity_id = ANY(%s)", SQL.identifier(table), list(lead_ids))


def with_memory(cr):
    """Let the questions of this transaction be sorted and grouped in memory: they read much and answer little."""
    cr.execute("SET LOCAL work_mem = '64MB'")


def funnel(cr, scenario_id, step_ids, start_id, since):
    """Of those who entered since a moment and passed the first step: which steps they passed, and where they are.

    A step is passed as ``enrollment/states.is_passed`` says; Start by the entry. One pass over the traces of the
    period, found by ``marketing_scenario_trace__scenario_idx``.

    :param step_ids: 60 at most
    :return: rows ``(bits: 1 for the first step, 2 for the second, 4 …; step id, state, reason of the end, count)``
    """
    cr.execute(
        SQL(
            """
            WITH passed AS (
                SELECT trace.enrollment_id, bit_or(1::bigint << array_position(%(step_ids)s, trace.step_id) - 1) AS bits
                  FROM marketing_scenario_trace trace
                 WHERE trace.scenario_id = %(scenario_id)s AND trace.at >= %(since)s
                   AND trace.step_id = ANY(%(step_ids)s)
                   AND (trace.event IS NULL AND trace.outcome IS NOT NULL OR trace.event IN ('goto', 'end')
                        OR trace.event = 'entered' AND trace.step_id = %(start_id)s)
                 GROUP BY trace.enrollment_id
            )
            SELECT passed.bits, run.step_id, run.state, run.end_reason, count(*)
              FROM passed JOIN marketing_scenario_enrollment run ON run.id = passed.enrollment_id
             WHERE run.entered_at >= %(since)s AND passed.bits & 1 = 1
             GROUP BY passed.bits, run.step_id, run.state, run.end_reason
            """,
            scenario_id=scenario_id,
            since=since,
            step_ids=list(step_ids),
            start_id=start_id,
        )
    )
    return cr.fetchall()
