"""What the reports read: views, whose unused columns and joins PostgreSQL leaves out of each question, and counters of
hours, made of the same views.

Functions give SQL, or take a cursor and plain values, no records.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...tools import proportions
from ..channels.sql import FACTS, FACTS_TOLD, HAS_LEFT
from ..enrollment.states import PASSED

HOUR = timedelta(hours=1)
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
# what only a group of people has, see ``reports/compared.py``
BESIDE = SQL(
    """
    NULL::float AS walked_rate, NULL::float AS held_rate, NULL::float AS difference, NULL::float AS difference_from,
    NULL::float AS difference_to
    """
)
# whose a message is: of a scenario for all companies, that of the person's run, which is looked up for these only
COMPANY = SQL(
    """
    CASE WHEN scenario.company_id IS NOT NULL THEN scenario.company_id
         ELSE (SELECT own.company_id FROM marketing_scenario_enrollment own
                WHERE own.id = trace.marketing_enrollment_id)
    END
    """
)


def entries():
    """A row a run that walks or walked, with the goals that it reached.

    Leans on ``enrollment_entered_idx`` for a period. The control group walks nowhere: it is compared on the scenario.
    """
    return SQL(
        """
        SELECT run.id, run.id AS enrollment_id, run.scenario_id, run.company_id, run.entered_at, run.door,
               run.target_kind, run.state, run.end_reason, %(person)s,
               (goal.count > 0)::int AS reached, (goal.count > 0)::int::float AS goal_rate,
               goal.days, goal.value, company.currency_id, %(beside)s
          FROM marketing_scenario_enrollment run
          LEFT JOIN res_company company ON company.id = run.company_id
          LEFT JOIN LATERAL (
               SELECT count(*), min(days) AS days, sum(value) AS value
                 FROM marketing_scenario_conversion
                WHERE enrollment_id = run.id AND is_early IS NOT TRUE) goal ON TRUE
        %(joins)s
         WHERE run.state <> 'control'
        """,
        beside=BESIDE,
        person=ABOUT_PERSON,
        joins=PERSON,
    )


def messages():
    """A row a message that left, or could not. Leans on ``mailing_trace__marketing_sent_idx`` for a period."""
    return SQL(
        """
        SELECT trace.*, run.company_id AS run_company_id, run.door, %(person)s, %(beside)s
          FROM (SELECT trace.id, trace.marketing_enrollment_id AS enrollment_id, step.scenario_id,
                       %(company)s AS company_id, trace.mass_mailing_id AS mailing_id,
                       mailing.marketing_step_id AS step_id, mailing.marketing_variant_id AS variant_id,
                       trace.trace_type, coalesce(trace.sent_datetime, trace.create_date) AS sent_at,
                       %(counts)s,
                       CASE WHEN fact.delivered THEN fact.opened::int::float END AS open_rate,
                       CASE WHEN fact.delivered THEN fact.clicked::int::float END AS click_rate
                  FROM mailing_trace trace
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                  JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
                  JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
                %(facts)s
                 WHERE %(left)s) trace
          LEFT JOIN marketing_scenario_enrollment run ON run.id = trace.enrollment_id
        %(joins)s
        """,
        beside=BESIDE,
        person=ABOUT_PERSON,
        company=COMPANY,
        counts=SQL(", ").join(
            SQL("%s::int AS %s", SQL.identifier("fact", name), SQL.identifier(name)) for name in FACTS_TOLD
        ),
        facts=FACTS,
        left=HAS_LEFT,
        joins=PERSON,
    )


def clicks():
    """A row a click. Leans on ``link_tracker_click_marketing_idx`` for a period; messages are looked up for the clicks
    (``OFFSET 0``), not clicks for all messages."""
    return SQL(
        """
        SELECT click.id, trace.marketing_enrollment_id AS enrollment_id, step.scenario_id, %(company)s AS company_id,
               mailing.marketing_step_id AS step_id, click.create_date AS clicked_at, link.url,
               coalesce(nullif(link.label, ''), link.url) AS label, run.door, %(person)s, %(beside)s
          FROM link_tracker_click click
          JOIN link_tracker link ON link.id = click.link_id
         CROSS JOIN LATERAL (
               SELECT marketing_enrollment_id, mass_mailing_id
                 FROM mailing_trace WHERE id = click.mailing_trace_id AND marketing_enrollment_id IS NOT NULL
               OFFSET 0) trace
          JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
          JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
          JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
          LEFT JOIN marketing_scenario_enrollment run ON run.id = trace.marketing_enrollment_id
        %(joins)s
         WHERE click.mailing_trace_id IS NOT NULL
        """,
        beside=BESIDE,
        person=ABOUT_PERSON,
        company=COMPANY,
        joins=PERSON,
    )


# -- counters of hours ----------------------------------------------------------------------------------------------

ENTRY_FIGURES = ("number", "reached", "days", "value")
MESSAGE_FIGURES = ("number", *FACTS_TOLD)


def _columns(names):
    return SQL(", ").join(SQL.identifier(name) for name in names)


def spans(hours):
    """``[(from, until), …]``: hours that follow each other as one."""
    found = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour:
            found[-1][1] = hour + HOUR
        else:
            found.append([hour, hour + HOUR])
    return found


def _within(view, moment, hours):
    """The rows of a view in these hours, each of them one.

    Written as spans, and closed by ``OFFSET 0``: these few hours are looked for first, not all rows of the question.
    """
    moment = SQL.identifier("live", moment)
    parts = [SQL("%s >= %s AND %s < %s", moment, first, moment, last) for first, last in spans(hours)]
    return SQL(
        "SELECT 1 AS number, date_trunc('hour', %s) AS hour, live.* FROM (%s) live WHERE %s OFFSET 0",
        moment,
        view,
        SQL(" OR ").join(parts) if parts else SQL("FALSE"),
    )


def counted_entries(hours):
    """As ``entries``, but the rows of an hour that are alike are one, with their ``number`` and sums.

    :param hours: naive UTC; those that are to be read row by row
    """
    columns = _columns(
        ("entered_at", "scenario_id", "company_id", "door", "target_kind", "lang", "user_id", "source_id")
    )
    return SQL(
        """
        SELECT hour.hour AS entered_at, hour.scenario_id, hour.company_id, hour.door, hour.target_kind, hour.lang,
               hour.user_id, hour.source_id, %(figures)s, company.currency_id
          FROM marketing_report_entry_hour hour
          LEFT JOIN res_company company ON company.id = hour.company_id
         WHERE hour.hour <> ALL(%(hours)s::timestamp[])
         UNION ALL
        SELECT %(columns)s, %(figures)s, currency_id FROM (%(live)s) live
        """,
        columns=columns,
        figures=_columns(ENTRY_FIGURES),
        hours=list(hours),
        live=_within(entries(), "entered_at", hours),
    )


def counted_messages(hours):
    """As ``messages``, but the rows of an hour that are alike are one, with their ``number`` and sums.

    :param hours: naive UTC; those that are to be read row by row
    """
    columns = _columns(
        ("sent_at", "scenario_id", "company_id", "step_id", "variant_id", "trace_type", "door", "lang", "user_id")
    )
    return SQL(
        """
        SELECT hour.hour AS sent_at, step.scenario_id, coalesce(scenario.company_id, hour.run_company_id) AS company_id,
               step.id AS step_id, mailing.marketing_variant_id AS variant_id, hour.trace_type, hour.door, hour.lang,
               hour.user_id, hour.source_id, %(figures)s
          FROM marketing_report_message_hour hour
          JOIN mailing_mailing mailing ON mailing.id = hour.mailing_id
          JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
          JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
         WHERE hour.hour <> ALL(%(hours)s::timestamp[])
         UNION ALL
        SELECT %(columns)s, source_id, %(figures)s FROM (%(live)s) live
        """,
        columns=columns,
        figures=_columns(MESSAGE_FIGURES),
        hours=list(hours),
        live=_within(messages(), "sent_at", hours),
    )


def stale_hours(cr):
    """The hours in which something changed since they were counted."""
    cr.execute(SQL("SELECT DISTINCT hour FROM marketing_report_stale"))
    return [hour for (hour,) in cr.fetchall()]


def count_hours(cr, until_id, limit):
    """Count the newest hours in which something changed.

    What is noted by transactions that are not over yet stays: this one does not see what they did.

    :param until_id: of the last note to be looked at
    :return: how many hours were counted
    """
    cr.execute(
        SQL(
            """
            SELECT DISTINCT hour FROM marketing_report_stale WHERE id <= %s ORDER BY hour DESC LIMIT %s
            """,
            until_id,
            limit,
        )
    )
    hours = [hour for (hour,) in cr.fetchall()]
    if not hours:
        return 0
    # two that count at the same moment meet here
    cr.execute(SQL("DELETE FROM marketing_report_stale WHERE hour = ANY(%s::timestamp[])", hours))
    for table, view, moment, columns, figures in (
        (
            "marketing_report_entry_hour",
            entries(),
            "entered_at",
            ("hour", "scenario_id", "company_id", "door", "target_kind", "lang", "user_id", "source_id"),
            ENTRY_FIGURES,
        ),
        (
            "marketing_report_message_hour",
            messages(),
            "sent_at",
            ("hour", "mailing_id", "run_company_id", "trace_type", "door", "lang", "user_id", "source_id"),
            MESSAGE_FIGURES,
        ),
    ):
        cr.execute(SQL("DELETE FROM %s WHERE hour = ANY(%s::timestamp[])", SQL.identifier(table), hours))
        cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s, %(figures)s) SELECT %(columns)s, %(sums)s FROM (%(live)s) live "
                "GROUP BY %(columns)s",
                table=SQL.identifier(table),
                columns=_columns(columns),
                figures=_columns(figures),
                sums=SQL(", ").join(SQL("sum(%s)", SQL.identifier(name)) for name in figures),
                live=_within(view, moment, hours),
            )
        )
    return len(hours)


def forget_hours(cr):
    """Have all hours counted anew."""
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_report_stale (hour)
            SELECT date_trunc('hour', entered_at) FROM marketing_scenario_enrollment WHERE entered_at IS NOT NULL
             UNION
            SELECT date_trunc('hour', coalesce(sent_datetime, create_date)) FROM mailing_trace
             WHERE marketing_enrollment_id IS NOT NULL
             UNION
            SELECT hour FROM marketing_report_entry_hour
             UNION
            SELECT hour FROM marketing_report_message_hour
            """
        )
    )


# whatever writes these rows, also a statement or a foreign key, has their hours counted anew: ``changed`` are the rows
# before or after, ``before`` and ``after`` both of an update. Compared by EXCEPT, not by a join: the plan is made for
# the first update of a session and kept, and one made for a single row would compare each of a thousand with each.
RUNS = """
    INSERT INTO marketing_report_stale (hour)
    SELECT date_trunc('hour', entered_at)
      FROM marketing_scenario_enrollment WHERE id IN (SELECT id FROM run) AND entered_at IS NOT NULL
     UNION
    SELECT date_trunc('hour', coalesce(sent_datetime, create_date))
      FROM mailing_trace WHERE marketing_enrollment_id IN (SELECT id FROM run);
"""
WATCHED = {
    "marketing_report_of_messages": """
        INSERT INTO marketing_report_stale (hour)
        SELECT DISTINCT date_trunc('hour', coalesce(sent_datetime, create_date))
          FROM changed WHERE marketing_enrollment_id IS NOT NULL;
    """,
    "marketing_report_of_entries": """
        INSERT INTO marketing_report_stale (hour)
        SELECT DISTINCT date_trunc('hour', entered_at) FROM changed WHERE entered_at IS NOT NULL;
    """,
    "marketing_report_of_goals": """
        INSERT INTO marketing_report_stale (hour)
        SELECT DISTINCT date_trunc('hour', run.entered_at)
          FROM changed JOIN marketing_scenario_enrollment run ON run.id = changed.enrollment_id
         WHERE run.entered_at IS NOT NULL;
    """,
    "marketing_report_of_runs": """
        WITH run AS (
            SELECT id, partner_id, lead_id, scenario_id, company_id, door, target_kind, state = 'control' FROM after
            EXCEPT
            SELECT id, partner_id, lead_id, scenario_id, company_id, door, target_kind, state = 'control' FROM before)
    """
    + RUNS,
    "marketing_report_of_leads": """
        WITH lead AS (
            SELECT id, lang_id, user_id, source_id, partner_id FROM after
            EXCEPT
            SELECT id, lang_id, user_id, source_id, partner_id FROM before
        ), run AS (
            SELECT id FROM marketing_scenario_enrollment WHERE lead_id IN (SELECT id FROM lead))
    """
    + RUNS,
    "marketing_report_of_contacts": """
        WITH person AS (
            SELECT id, lang, user_id FROM after EXCEPT SELECT id, lang, user_id FROM before
        ), run AS (
            SELECT id FROM marketing_scenario_enrollment WHERE partner_id IN (SELECT id FROM person)
             UNION
            SELECT run.id FROM crm_lead lead JOIN marketing_scenario_enrollment run ON run.lead_id = lead.id
             WHERE lead.partner_id IN (SELECT id FROM person))
    """
    + RUNS,
}
ADDED, TAKEN, BEFORE, AFTER = (
    ("INSERT", "NEW TABLE AS changed"),
    ("DELETE", "OLD TABLE AS changed"),
    ("UPDATE", "OLD TABLE AS changed"),
    ("UPDATE", "NEW TABLE AS changed"),
)
BOTH = ("UPDATE", "OLD TABLE AS before NEW TABLE AS after")
WATCHES = (
    ("mailing_trace", "marketing_report_of_messages", (ADDED, TAKEN, BEFORE, AFTER)),
    ("marketing_scenario_enrollment", "marketing_report_of_entries", (ADDED, TAKEN)),
    ("marketing_scenario_enrollment", "marketing_report_of_runs", (BOTH,)),
    ("marketing_scenario_conversion", "marketing_report_of_goals", (ADDED, TAKEN, BEFORE, AFTER)),
    ("crm_lead", "marketing_report_of_leads", (BOTH,)),
    ("res_partner", "marketing_report_of_contacts", (BOTH,)),
)


def watch(cr):
    """Make the triggers that note the hours in which something changed.

    What happened while one of them was not there, such as before an update, was noted by none: all is counted anew.
    """
    made = False
    for name, body in WATCHED.items():
        cr.execute(
            SQL(
                "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %s",
                SQL.identifier(name),
                f"BEGIN {body} RETURN NULL; END",
            )
        )
    for table, function, moments in WATCHES:
        for number, (event, rows) in enumerate(moments):
            name = f"{function}_{number}"
            cr.execute(SQL("SELECT FROM pg_trigger WHERE tgname = %s", name))
            # a trigger that is there is kept: making one waits for all who write to the table
            if not cr.rowcount:
                made = True
                cr.execute(
                    SQL(
                        "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                        SQL.identifier(name),
                        SQL(event),
                        SQL.identifier(table),
                        SQL(rows),
                        SQL.identifier(function),
                    )
                )
    if made:
        forget_hours(cr)


def watch_no_more(cr):
    """Take the triggers away again."""
    for name in WATCHED:
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(name)))


# -- opportunities --------------------------------------------------------------------------------------------------


def touches(currency_id):
    """A row for each opportunity, what happened to it, and each message to its person before that: as itself, as the
    contact, or as another lead of the contact.

    Opportunity and moment are what the shares are counted within, so that a period, or one opportunity, is looked for
    before they are counted. Leans on the indexes of the target columns and of ``marketing_enrollment_id``.

    :param currency_id: of opportunities without a company
    """
    return SQL(
        """
        SELECT touch.id, touch.fact, touch.at, touch.opportunity_id, touch.enrollment_id, touch.scenario_id,
               touch.company_id, touch.step_id, touch.sent_at, touch.door, touch.lang, touch.user_id, touch.source_id,
               touch.currency_id,
               CASE touch.fact WHEN 'created' THEN share.stated ELSE 0 END AS created,
               CASE touch.fact WHEN 'won' THEN share.stated ELSE 0 END AS won,
               CASE touch.attribution WHEN 'first' THEN money.first WHEN 'even' THEN money.even
                                      ELSE money.last END AS revenue,
               money.first AS revenue_first, money.last AS revenue_last, money.even AS revenue_even
          FROM (SELECT lead.id::bigint * %(touches)s + moment.number * %(touches)s / 2
                       + row_number() OVER (PARTITION BY lead.id, moment.fact, moment.at
                                            ORDER BY trace.sent_datetime, trace.id) AS id, moment.fact, moment.at,
                       lead.id AS opportunity_id, run.id AS enrollment_id, step.scenario_id,
                       coalesce(scenario.company_id, run.company_id) AS company_id,
                       step.id AS step_id, trace.sent_datetime AS sent_at, run.door,
                       coalesce(lang.code, partner.lang) AS lang, lead.user_id, lead.source_id, scenario.attribution,
                       coalesce(company.currency_id, %(currency_id)s) AS currency_id,
                       CASE moment.fact WHEN 'won' THEN coalesce(lead.expected_revenue, 0) ELSE 0 END AS worth,
                       row_number() OVER (PARTITION BY lead.id, moment.fact, moment.at
                                          ORDER BY trace.sent_datetime, trace.id) AS place,
                       count(*) OVER (PARTITION BY lead.id, moment.fact, moment.at) AS many
                  FROM crm_lead lead
                 CROSS JOIN LATERAL (
                       VALUES (0, 'created', coalesce(lead.date_conversion, lead.create_date)),
                              (1, 'won', CASE lead.won_status WHEN 'won' THEN lead.date_closed END)
                       ) moment(number, fact, at)
                 CROSS JOIN LATERAL (
                       SELECT id, door, company_id FROM marketing_scenario_enrollment WHERE lead_id = lead.id
                        UNION ALL
                       SELECT id, door, company_id FROM marketing_scenario_enrollment
                        WHERE partner_id = lead.partner_id
                        UNION ALL
                       SELECT own.id, own.door, own.company_id
                         FROM res_partner person
                         JOIN crm_lead other ON other.partner_id = person.id AND other.id <> lead.id
                         JOIN marketing_scenario_enrollment own ON own.lead_id = other.id
                        WHERE person.id = lead.partner_id AND person.is_company IS NOT TRUE) run
                  JOIN mailing_trace trace
                    ON trace.marketing_enrollment_id = run.id AND trace.sent_datetime <= moment.at
                   AND trace.sent_datetime > moment.at - make_interval(days => %(days)s)
                   AND trace.trace_status NOT IN ('outgoing', 'process', 'cancel', 'error', 'bounce')
                  JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
                  JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
                  JOIN marketing_scenario scenario ON scenario.id = step.scenario_id
                  LEFT JOIN res_company company ON company.id = lead.company_id
                  LEFT JOIN res_partner partner ON partner.id = lead.partner_id
                  LEFT JOIN res_lang lang ON lang.id = lead.lang_id
                 WHERE lead.type = 'opportunity' AND moment.at IS NOT NULL) touch
          JOIN res_currency currency ON currency.id = touch.currency_id
         CROSS JOIN LATERAL (
               SELECT CASE touch.attribution WHEN 'first' THEN (touch.place = 1)::int
                                             WHEN 'even' THEN 1.0 / touch.many
                                             ELSE (touch.place = touch.many)::int END AS stated) share
         CROSS JOIN LATERAL (
               SELECT touch.worth * (touch.place = 1)::int AS first,
                      touch.worth * (touch.place = touch.many)::int AS last,
                      -- what is left over by rounding falls to one of them: the parts make up the whole
                      round(touch.worth * touch.place / touch.many, currency.decimal_places)
                      - round(touch.worth * (touch.place - 1) / touch.many, currency.decimal_places) AS even) money
        """,
        currency_id=currency_id,
        days=ATTRIBUTION_DAYS,
        touches=TOUCHES,
    )


def of_leads(table, lead_ids):
    """Condition: touches of these opportunities, which is looked for before the shares are counted."""
    return SQL("%s.opportunity_id = ANY(%s)", SQL.identifier(table), list(lead_ids))


def rows_counted(table):
    """How many rows of the report the counted rows of ``table`` stand for."""
    return SQL("coalesce(sum(%s), 0)::bigint", SQL.identifier(table, "number"))


def average(table, part, whole):
    """The average of rows that were counted: the sum of one column by that of another."""
    return SQL("sum(%s)::float / nullif(sum(%s), 0)", SQL.identifier(table, part), SQL.identifier(table, whole))


def difference(table, what):
    """How many points more of those who walk reached a goal than of the control group, as an aggregate of their rows.

    The interval is that of ``proportions.newcombe``; nothing where one of the groups is empty.

    :param what: ``difference``, ``difference_from`` or ``difference_to``
    """
    z = SQL("%s::float", proportions.quantile(proportions.CONFIDENCE))

    def wilson(side):
        mine = SQL("FILTER (WHERE %s = %s)", SQL.identifier(table, "side"), side)
        total = SQL("nullif(count(*) %s, 0)::float", mine)
        share = SQL("(sum(%s) %s / %s)", SQL.identifier(table, "reached"), mine, total)
        given = {"z": z, "n": total, "p": share}
        middle = SQL("((%(p)s + %(z)s ^ 2 / (2 * %(n)s)) / (1 + %(z)s ^ 2 / %(n)s))", **given)
        half = SQL(
            "(%(z)s * sqrt(%(p)s * (1 - %(p)s) / %(n)s + %(z)s ^ 2 / (4 * %(n)s ^ 2)) / (1 + %(z)s ^ 2 / %(n)s))",
            **given,
        )
        return share, SQL("(%s - %s)", middle, half), SQL("(%s + %s)", middle, half)

    share, low, high = wilson("walked")
    other, other_low, other_high = wilson("held")
    points = {
        "difference": SQL("%s - %s", share, other),
        "difference_from": SQL(
            "%(p)s - %(q)s - sqrt((%(p)s - %(low)s) ^ 2 + (%(high)s - %(q)s) ^ 2)",
            p=share,
            q=other,
            low=low,
            high=other_high,
        ),
        "difference_to": SQL(
            "%(p)s - %(q)s + sqrt((%(high)s - %(p)s) ^ 2 + (%(q)s - %(low)s) ^ 2)",
            p=share,
            q=other,
            low=other_low,
            high=high,
        ),
    }
    return SQL("100 * (%s)", points[what])


def with_memory(cr):
    """Let the questions of this transaction be sorted and grouped in memory: they read much and answer little.

    PostgreSQL would also compile the longer ones, which takes longer than they do.
    """
    cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")


def funnel(cr, scenario_id, step_ids, since):
    """Of those who entered since a moment: which steps they passed, and where they are.

    A step is passed as ``enrollment/states.is_passed`` says; Start by the entry. Leans on
    ``marketing_scenario_trace_passed_idx``, step by step: it has what is asked, each step's runs stand in it in their
    order, and those of the period, who entered last, are at its end. Those who passed nothing are told, too: without
    them PostgreSQL expects few rows and sorts what is many.

    :param step_ids: 60 at most
    :return: rows ``(bits: 1 for the first step, 2 for the second, 4 …, or None; step id, state, reason of the end,
        count)``
    """
    ways = [
        SQL(
            """
            SELECT DISTINCT enrollment_id, %s::bigint AS bit
              FROM marketing_scenario_trace
             WHERE step_id = %s AND enrollment_id >= (SELECT id FROM earliest) AND (%s)
            """,
            1 << position,
            step_id,
            SQL(PASSED),
        )
        for position, step_id in enumerate(step_ids)
    ]
    cr.execute(
        SQL(
            """
            WITH run AS MATERIALIZED (
                SELECT id, step_id, state, end_reason
                  FROM marketing_scenario_enrollment WHERE scenario_id = %(scenario_id)s AND entered_at >= %(since)s
            ), earliest AS MATERIALIZED (
                SELECT min(id) AS id FROM run
            ), passed AS (
                SELECT enrollment_id, bit_or(bit) AS bits FROM (%(ways)s) way GROUP BY enrollment_id
            )
            SELECT passed.bits, run.step_id, run.state, run.end_reason, count(*)
              FROM run LEFT JOIN passed ON passed.enrollment_id = run.id
             GROUP BY passed.bits, run.step_id, run.state, run.end_reason
            """,
            scenario_id=scenario_id,
            since=since,
            ways=SQL(" UNION ALL ").join(ways),
        )
    )
    return cr.fetchall()
