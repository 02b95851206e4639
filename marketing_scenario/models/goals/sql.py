"""Whose runs an event may bring to a goal, and the goals that are reached.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ...tools.schedule import LONGEST_DAYS
from ..automatism.sql import people
from ..trials.sql import grouped_people, opted_out, targets, tried_people, won_since


def _open_runs(cr, goal_ids, runs, now, named=None):
    """``{goal id: [enrollment ids]}``: those of ``runs`` in the time of a goal of theirs that have not reached it.

    :param runs: sub-select of enrollments
    :param named: parts named before it
    """
    cr.execute(
        SQL(
            """
            WITH %(named)s run AS MATERIALIZED (%(runs)s)
            SELECT goal.id, array_agg(run.id ORDER BY run.id)
              FROM marketing_scenario_goal goal JOIN run ON run.scenario_id = goal.scenario_id
             WHERE goal.id = ANY(%(goal_ids)s)
               AND run.entered_at >= %(now)s - make_interval(days => LEAST(goal.days, %(longest)s))
               AND NOT EXISTS (
                    SELECT FROM marketing_scenario_conversion reached
                     WHERE reached.enrollment_id = run.id AND reached.goal_id = goal.id)
             GROUP BY goal.id
            """,
            named=named or SQL(),
            runs=runs,
            goal_ids=list(goal_ids),
            now=now,
            longest=LONGEST_DAYS,
        )
    )
    return dict(cr.fetchall())


def among(cr, goal_ids, enrollment_ids, now):
    """As ``_open_runs``, of these enrollments."""
    runs = SQL(
        "SELECT id, scenario_id, entered_at FROM marketing_scenario_enrollment WHERE id = ANY(%s)", list(enrollment_ids)
    )
    return _open_runs(cr, goal_ids, runs, now)


def concerned(cr, goal_ids, partner_ids, lead_ids, now):
    """As ``_open_runs``, of the people whom an event of these records concerns, live or over.

    Who has just entered and was not looked at yet is left to the engine: it notes first what holds already. Leans on
    the indexes of the target columns: who waits and is not concerned is not touched.
    """
    runs = SQL(
        """
        SELECT run.id, run.scenario_id, run.entered_at
          FROM partner JOIN marketing_scenario_enrollment run ON run.partner_id = partner.id
         WHERE run.wait_from IS NOT NULL
         UNION ALL
        SELECT run.id, run.scenario_id, run.entered_at
          FROM lead JOIN marketing_scenario_enrollment run ON run.lead_id = lead.id
         WHERE run.wait_from IS NOT NULL
        """
    )
    return _open_runs(cr, goal_ids, runs, now, SQL("%s,", people(partner_ids, lead_ids)))


def opportunities(cr, enrollment_ids):
    """``{enrollment id: (lead id, expected revenue, company id)}``: the lead that walks; of a contact, or of the people
    of an account, what was won since entry, else the latest opportunity that came about since.

    Leans on the index of ``crm_lead.partner_id``.
    """
    cr.execute(
        SQL(
            """
            SELECT run.id, found.id, found.expected_revenue, found.company_id
              FROM marketing_scenario_enrollment run
             CROSS JOIN LATERAL (
                    SELECT lead.id, lead.expected_revenue, lead.company_id, 0 AS rank
                      FROM crm_lead lead WHERE lead.id = run.lead_id
                     UNION ALL
                    (SELECT lead.id, lead.expected_revenue, lead.company_id, 1
                       FROM crm_lead lead
                      WHERE run.partner_id IS NOT NULL AND lead.type = 'opportunity'
                        AND lead.won_status IN ('won', 'pending')
                        AND lead.partner_id IN (
                            SELECT run.partner_id UNION ALL
                            SELECT member.id FROM res_partner member
                             WHERE run.target_kind = 'account' AND member.commercial_partner_id = run.partner_id)
                        AND greatest(lead.create_date, lead.date_conversion, lead.date_closed) >= run.entered_at
                      ORDER BY lead.won_status = 'won' DESC, lead.create_date DESC, lead.id DESC
                      LIMIT 1)
                     LIMIT 1) found
             WHERE run.id = ANY(%s)
            """,
            list(enrollment_ids),
        )
    )
    return {run_id: tuple(found) for run_id, *found in cr.fetchall()}


def note_conversions(cr, goal_id, rows, name, early, now):
    """Note who reached a goal, each run once, with a trace on its path unless it held when they entered.

    :param rows: ``[(enrollment id, amount, lead id, company id)]``
    :return: ids of the enrollments that had not reached it before
    """
    ids, amounts, leads, companies = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
    cr.execute(
        SQL(
            """
            WITH reached AS (
                INSERT INTO marketing_scenario_conversion
                       (goal_id, enrollment_id, scenario_id, company_id, step_id, at, days, is_early, opportunity_id,
                        value)
                SELECT %(goal_id)s, run.id, run.scenario_id, fact.company_id, run.step_id, %(now)s,
                       extract(epoch FROM %(now)s - run.entered_at) / 86400, %(early)s, fact.lead_id, fact.amount
                  FROM unnest(%(ids)s::int[], %(amounts)s::numeric[], %(leads)s::int[], %(companies)s::int[])
                       AS fact(id, amount, lead_id, company_id)
                  JOIN marketing_scenario_enrollment run ON run.id = fact.id
                 ORDER BY run.id
                    ON CONFLICT DO NOTHING
                RETURNING enrollment_id, scenario_id, step_id
            ), traced AS (
                INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, message, at)
                SELECT enrollment_id, scenario_id, step_id, 'goal', 'goal_reached', %(name)s, %(now)s
                  FROM reached WHERE NOT %(early)s
            )
            SELECT enrollment_id FROM reached ORDER BY 1
            """,
            goal_id=goal_id,
            ids=ids,
            amounts=amounts,
            leads=leads,
            companies=companies,
            name=name,
            early=early,
            now=now,
        )
    )
    return [row[0] for row in cr.fetchall()]


def reached_after_messages(cr, groups, since, until):
    """How many people of each version of a message reached a goal after it: ``{number of the version: count}``.

    :param groups, since, until: as in ``tried_people``
    """
    cr.execute(
        SQL(
            """
            SELECT person.version, count(*)
              FROM (%s) person
             WHERE EXISTS (SELECT FROM marketing_scenario_conversion reached
                            WHERE reached.enrollment_id = ANY(person.runs) AND reached.at >= person.since
                              AND reached.is_early IS NOT TRUE)
             GROUP BY 1
            """,
            tried_people(groups, since, until),
        )
    )
    return dict(cr.fetchall())


def reached_by_group(cr, scenario_id, since):
    """How many people of those who walked, and of those who were held out, reached a goal: ``{held: count}``."""
    cr.execute(
        SQL(
            """
            WITH person AS (%(people)s)
            SELECT person.held, count(DISTINCT person.person_key)
              FROM person
              JOIN marketing_scenario_enrollment run
                ON run.scenario_id = %(scenario_id)s AND run.person_key = person.person_key
              JOIN marketing_scenario_conversion reached
                ON reached.enrollment_id = run.id AND reached.is_early IS NOT TRUE
             GROUP BY 1
            """,
            people=grouped_people(scenario_id, since),
            scenario_id=scenario_id,
        )
    )
    return dict(cr.fetchall())


def compared_people(rates):
    """A row a person of each scenario that has a control group, by the first of their runs: the people whom
    ``reached_by_group`` and ``compare_groups`` count, with what became of them.

    Leans on ``marketing_scenario_enrollment__scenario_id_index``: scenarios without a control group are not touched.
    What was won, and who opted out, is looked for only where it is asked.

    :param rates: ``{company id: rate from its currency}``, of the revenue
    """
    people = SQL(
        """
        SELECT person.id, scenario.id AS scenario_id, person.person_key, person.since, person.side
          FROM marketing_scenario scenario
         CROSS JOIN LATERAL (
               SELECT min(run.id) AS id, run.person_key, min(run.entered_at) AS since,
                      CASE WHEN bool_and(run.state = 'control') THEN 'held' ELSE 'walked' END AS side
                 FROM marketing_scenario_enrollment run
                WHERE run.scenario_id = scenario.id AND run.person_key IS NOT NULL
                GROUP BY run.person_key
               HAVING min(run.entered_at) >= scenario.control_since) person
         WHERE scenario.control_percent > 0
        """
    )
    return SQL(
        """
        SELECT person.id, person.id AS enrollment_id, person.scenario_id, first.company_id, person.side,
               person.since AS entered_at, first.door, first.target_kind, coalesce(lang.code, partner.lang) AS lang,
               coalesce(lead.user_id, partner.user_id) AS user_id, lead.source_id,
               1 AS people, (goal.count > 0)::int AS reached, (goal.count > 0)::int::float AS goal_rate, goal.days,
               goal.value, coalesce(goal.value, 0)::float AS value_each, company.currency_id,
               (won.won > 0)::int AS won, won.revenue::float AS revenue,
               (said.person_key IS NOT NULL)::int AS opted_out,
               CASE person.side WHEN 'walked' THEN 100.0 * (goal.count > 0)::int END AS walked_rate,
               CASE person.side WHEN 'held' THEN 100.0 * (goal.count > 0)::int END AS held_rate,
               NULL::float AS difference, NULL::float AS difference_from, NULL::float AS difference_to
          FROM (%(people)s) person
          JOIN marketing_scenario_enrollment first ON first.id = person.id
          LEFT JOIN res_company company ON company.id = first.company_id
          LEFT JOIN crm_lead lead ON lead.id = first.lead_id
          LEFT JOIN res_partner partner ON partner.id = coalesce(first.partner_id, lead.partner_id)
          LEFT JOIN res_lang lang ON lang.id = lead.lang_id
          LEFT JOIN LATERAL (
               SELECT count(*), min(reached.days) AS days, sum(reached.value) AS value
                 FROM marketing_scenario_enrollment run
                 JOIN marketing_scenario_conversion reached
                   ON reached.enrollment_id = run.id AND reached.is_early IS NOT TRUE
                WHERE run.scenario_id = person.scenario_id AND run.person_key = person.person_key) goal ON TRUE
          LEFT JOIN (%(won)s) won ON won.scenario_id = person.scenario_id AND won.person_key = person.person_key
          LEFT JOIN (%(said)s) said ON said.scenario_id = person.scenario_id AND said.person_key = person.person_key
        """,
        people=people,
        won=won_since(SQL("(%s)", targets(people)), rates),
        said=opted_out(SQL("(%s)", targets(people))),
    )
