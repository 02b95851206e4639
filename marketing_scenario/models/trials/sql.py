"""What became of the messages of a test.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..channels.sql import FACTS, HAS_LEFT


def reactions(cr, mailing_ids, since, until):
    """How many people got a message of these mailings, opened it, had only a machine open it, clicked in it and
    answered it.

    Who got it several times counts once: what one person does is no new evidence. Leans on the index of Odoo on
    ``mailing_trace.mass_mailing_id``.

    :param since, until: when it left
    :return: ``{mailing id: (sent, opens, openings by machines, clicks, answers)}``
    """
    cr.execute(
        SQL(
            """
            SELECT mass_mailing_id, count(*), count(*) FILTER (WHERE opened),
                   count(*) FILTER (WHERE fetched AND NOT opened), count(*) FILTER (WHERE clicked),
                   count(*) FILTER (WHERE answered)
              FROM (SELECT trace.mass_mailing_id, bool_or(fact.opened) AS opened,
                           bool_or(fact.opened_by_machine) AS fetched, bool_or(fact.clicked) AS clicked,
                           bool_or(fact.replied) AS answered
                      FROM mailing_trace trace %(facts)s
                     WHERE trace.mass_mailing_id = ANY(%(mailing_ids)s) AND trace.sent_datetime >= %(since)s
                       AND trace.sent_datetime < %(until)s AND %(left)s AND fact.sent
                     GROUP BY trace.mass_mailing_id, trace.res_id) person
             GROUP BY 1
            """,
            facts=FACTS,
            left=HAS_LEFT,
            mailing_ids=list(mailing_ids),
            since=since,
            until=until,
        )
    )
    return {mailing_id: tuple(counts) for mailing_id, *counts in cr.fetchall()}


def grouped_people(scenario_id, since):
    """Query ``(person_key, held, since)``: the people of the comparison, from their first entry on.

    :param since: first entry of those who count
    """
    return SQL(
        """
        SELECT person_key, bool_and(state = 'control') AS held, min(entered_at) AS since
          FROM marketing_scenario_enrollment
         WHERE scenario_id = %s AND person_key IS NOT NULL
         GROUP BY person_key HAVING min(entered_at) >= %s
        """,
        scenario_id,
        since,
    )


def compare_groups(cr, scenario_id, since, rates):
    """What became of those who walked and of those who were held out (S58), in one statement: each person once.

    Leans on ``marketing_scenario_enrollment__scenario_id_index`` and the index of Odoo on ``crm_lead.partner_id``.

    :param since: first entry of those who count
    :param rates: ``{company id: rate from its currency}``
    :return: ``{"walked" | "held": {"people", "won", "opted_out", "revenue" (mean), "variance"}}``
    """
    cr.execute(
        SQL(
            """
            WITH person AS (%(people)s), target AS (
                SELECT DISTINCT person.person_key, person.since, run.lead_id, run.target_kind = 'account' AS is_account,
                       coalesce(run.partner_id, own.partner_id) AS partner_id
                  FROM person
                  JOIN marketing_scenario_enrollment run
                    ON run.scenario_id = %(scenario_id)s AND run.person_key = person.person_key
                  LEFT JOIN crm_lead own ON own.id = run.lead_id
            ), related AS (
                SELECT person_key, since, lead_id FROM target WHERE lead_id IS NOT NULL
                 UNION
                SELECT target.person_key, target.since, lead.id
                  FROM target JOIN crm_lead lead ON lead.partner_id = target.partner_id
                 UNION
                SELECT target.person_key, target.since, lead.id
                  FROM target
                  JOIN res_partner member ON member.commercial_partner_id = target.partner_id AND target.is_account
                  JOIN crm_lead lead ON lead.partner_id = member.id
            ), won AS (
                SELECT related.person_key, sum(coalesce(lead.expected_revenue, 0) * coalesce(rate.rate, 1)) AS revenue
                  FROM related
                  JOIN crm_lead lead ON lead.id = related.lead_id
                  LEFT JOIN unnest(%(companies)s::int[], %(rates)s::numeric[]) AS rate(company_id, rate)
                    ON rate.company_id = lead.company_id
                 WHERE lead.won_status = 'won' AND lead.date_closed >= related.since
                 GROUP BY 1
            ), said AS (
                SELECT target.person_key,
                       coalesce(bool_or(contact.marketing_refuse_all OR contact.marketing_refuse_email
                                        OR contact.marketing_refuse_sms OR contact.marketing_refuse_phone), false)
                       OR coalesce(bool_or(lead.marketing_refuse_all OR lead.marketing_refuse_email
                                           OR lead.marketing_refuse_sms OR lead.marketing_refuse_phone), false)
                       AS opted_out
                  FROM target
                  LEFT JOIN res_partner contact ON contact.id = target.partner_id
                  LEFT JOIN crm_lead lead ON lead.id = target.lead_id
                 GROUP BY 1
            )
            SELECT person.held, count(*), count(won.person_key), count(*) FILTER (WHERE said.opted_out),
                   avg(coalesce(won.revenue, 0))::float, coalesce(var_samp(coalesce(won.revenue, 0)), 0)::float
              FROM person
              LEFT JOIN won ON won.person_key = person.person_key
              LEFT JOIN said ON said.person_key = person.person_key
             GROUP BY person.held
            """,
            people=grouped_people(scenario_id, since),
            scenario_id=scenario_id,
            companies=list(rates),
            rates=list(rates.values()),
        )
    )
    names = ("people", "won", "opted_out", "revenue", "variance")
    figures = {name: dict.fromkeys(names, 0) for name in ("walked", "held")}
    for held, *counts in cr.fetchall():
        figures["held" if held else "walked"] = dict(zip(names, counts, strict=True))
    return figures
