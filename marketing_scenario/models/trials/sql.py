"""What became of the messages of a test.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..channels.sql import FACTS, HAS_LEFT


def tried_people(groups, since, until):
    """Query ``(version, runs, since, opened, fetched, clicked, answered)``: who got a message of a test, each once.

    What one person does is no new evidence, whether they come again or as another record. Who got two versions, as
    their address has changed, stands for the first. Leans on the index of Odoo on ``mailing_trace.mass_mailing_id``.

    :param groups: ids of the mailings of each version
    :param since, until: when it left
    """
    versions = [(mailing_id, number) for number, ids in enumerate(groups) for mailing_id in ids]
    return SQL(
        """
        SELECT DISTINCT ON (person) version, runs, since, opened, fetched, clicked, answered
          FROM (SELECT version.number AS version, coalesce(run.person_key, 'run:' || run.id) AS person,
                       array_agg(run.id) AS runs, min(trace.sent_datetime) AS since,
                       bool_or(fact.opened) AS opened, bool_or(fact.opened_by_machine) AS fetched,
                       bool_or(fact.clicked) AS clicked, bool_or(fact.replied) AS answered
                  FROM unnest(%(mailing_ids)s::int[], %(numbers)s::int[]) AS version(mailing_id, number)
                  JOIN mailing_trace trace ON trace.mass_mailing_id = version.mailing_id
                  JOIN marketing_scenario_enrollment run ON run.id = trace.marketing_enrollment_id
                %(facts)s
                 WHERE trace.sent_datetime >= %(since)s AND trace.sent_datetime < %(until)s AND %(left)s AND fact.sent
                 GROUP BY 1, 2) got
         ORDER BY person, since, version
        """,
        mailing_ids=[mailing_id for mailing_id, _number in versions],
        numbers=[number for _mailing_id, number in versions],
        facts=FACTS,
        left=HAS_LEFT,
        since=since,
        until=until,
    )


def reactions(cr, groups, since, until):
    """How many people of each version got a message, opened it, had only a machine open it, clicked in it and
    answered it.

    :param groups, since, until: as in ``tried_people``
    :return: ``{number of the version: (sent, opens, openings by machines, clicks, answers)}``
    """
    cr.execute(
        SQL(
            """
            SELECT version, count(*), count(*) FILTER (WHERE opened), count(*) FILTER (WHERE fetched AND NOT opened),
                   count(*) FILTER (WHERE clicked), count(*) FILTER (WHERE answered)
              FROM (%s) person GROUP BY 1
            """,
            tried_people(groups, since, until),
        )
    )
    return {version: tuple(counts) for version, *counts in cr.fetchall()}


def grouped_people(scenario_id, since):
    """Query ``(scenario_id, person_key, held, since)``: the people of the comparison, from their first entry on.

    :param since: first entry of those who count
    """
    return SQL(
        """
        SELECT scenario_id, person_key, bool_and(state = 'control') AS held, min(entered_at) AS since
          FROM marketing_scenario_enrollment
         WHERE scenario_id = %s AND person_key IS NOT NULL
         GROUP BY scenario_id, person_key HAVING min(entered_at) >= %s
        """,
        scenario_id,
        since,
    )


def targets(people):
    """Query of the records of people: ``(scenario_id, person_key, since, lead_id, is_account, partner_id)``.

    :param people: query with ``scenario_id``, ``person_key``, ``since``
    """
    return SQL(
        """
        SELECT DISTINCT person.scenario_id, person.person_key, person.since, run.lead_id,
               run.target_kind = 'account' AS is_account, coalesce(run.partner_id, own.partner_id) AS partner_id
          FROM (%s) person
          JOIN marketing_scenario_enrollment run
            ON run.scenario_id = person.scenario_id AND run.person_key = person.person_key
          LEFT JOIN crm_lead own ON own.id = run.lead_id
        """,
        people,
    )


def won_since(target, rates):
    """Query ``(scenario_id, person_key, won, revenue)``: who won how much since they entered, in how many deals.

    Leans on the index of Odoo on ``crm_lead.partner_id``.

    :param target: table or query of ``targets``
    :param rates: ``{company id: rate from its currency}``
    """
    return SQL(
        """
        SELECT related.scenario_id, related.person_key, count(*) AS won,
               sum(coalesce(lead.expected_revenue, 0) * coalesce(rate.rate, 1)) AS revenue
          FROM (SELECT scenario_id, person_key, since, lead_id FROM %(target)s target WHERE lead_id IS NOT NULL
                 UNION
                SELECT target.scenario_id, target.person_key, target.since, lead.id
                  FROM %(target)s target JOIN crm_lead lead ON lead.partner_id = target.partner_id
                 UNION
                SELECT target.scenario_id, target.person_key, target.since, lead.id
                  FROM %(target)s target
                  JOIN res_partner member ON member.commercial_partner_id = target.partner_id AND target.is_account
                  JOIN crm_lead lead ON lead.partner_id = member.id) related
          JOIN crm_lead lead ON lead.id = related.lead_id
          LEFT JOIN unnest(%(companies)s::int[], %(rates)s::numeric[]) AS rate(company_id, rate)
            ON rate.company_id = lead.company_id
         WHERE lead.won_status = 'won' AND lead.date_closed >= related.since
         GROUP BY related.scenario_id, related.person_key
        """,
        target=target,
        companies=list(rates),
        rates=list(rates.values()),
    )


def opted_out(target):
    """Query ``(scenario_id, person_key)``: who said no to a channel.

    :param target: table or query of ``targets``
    """
    return SQL(
        """
        SELECT target.scenario_id, target.person_key
          FROM %s target
          LEFT JOIN res_partner contact ON contact.id = target.partner_id
          LEFT JOIN crm_lead lead ON lead.id = target.lead_id
         WHERE contact.marketing_refuse_all OR contact.marketing_refuse_email OR contact.marketing_refuse_sms
            OR contact.marketing_refuse_phone OR lead.marketing_refuse_all OR lead.marketing_refuse_email
            OR lead.marketing_refuse_sms OR lead.marketing_refuse_phone
         GROUP BY target.scenario_id, target.person_key
        """,
        target,
    )


def compare_groups(cr, scenario_id, since, rates):
    """What became of those who walked and of those who were held out (S58), in one statement: each person once.

    Leans on ``marketing_scenario_enrollment__scenario_id_index``.

    :param since: first entry of those who count
    :param rates: as in ``won_since``
    :return: ``{"walked" | "held": {"people", "won", "opted_out", "revenue" (mean), "variance"}}``
    """
    cr.execute(
        SQL(
            """
            WITH person AS (%(people)s), target AS (%(targets)s), won AS (%(won)s), said AS (%(opted_out)s)
            SELECT person.held, count(*), count(won.person_key), count(said.person_key),
                   avg(coalesce(won.revenue, 0))::float, coalesce(var_samp(coalesce(won.revenue, 0)), 0)::float
              FROM person
              LEFT JOIN won ON won.person_key = person.person_key
              LEFT JOIN said ON said.person_key = person.person_key
             GROUP BY person.held
            """,
            people=grouped_people(scenario_id, since),
            targets=targets(SQL("SELECT * FROM person")),
            won=won_since(SQL("target"), rates),
            opted_out=opted_out(SQL("target")),
        )
    )
    names = ("people", "won", "opted_out", "revenue", "variance")
    figures = {name: dict.fromkeys(names, 0) for name in ("walked", "held")}
    for held, *counts in cr.fetchall():
        figures["held" if held else "walked"] = dict(zip(names, counts, strict=True))
    return figures
