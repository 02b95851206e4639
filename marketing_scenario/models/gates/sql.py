"""What is said about an address or a number itself, and what a person got by another record of theirs.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

EMAIL, PHONE = SQL("email_normalized"), SQL("phone_sanitized")
# channel → column of the address, of the opt-out, of the flag "does not exist"; Odoo's blacklist and its column
CHANNELS = {
    "email": (
        EMAIL,
        SQL("marketing_refuse_email"),
        SQL("marketing_invalid_email"),
        SQL("mail_blacklist"),
        SQL("email"),
    ),
    "sms": (PHONE, SQL("marketing_refuse_sms"), SQL("marketing_invalid_phone"), SQL("phone_blacklist"), SQL("number")),
    "phone": (
        PHONE,
        SQL("marketing_refuse_phone"),
        SQL("marketing_invalid_phone"),
        SQL("phone_blacklist"),
        SQL("number"),
    ),
}


def verdicts(cr, channel, addresses):
    """What speaks against each of these normalized addresses or numbers, in one statement.

    Leans on the partial indexes ``_marketing_blocked_email_idx`` and ``_marketing_blocked_phone_idx`` of both target
    tables, which hold the few rows that say no, and on the unique index of Odoo's blacklist.

    :param channel: email, sms or phone
    :param addresses: list of normalized addresses (E.164 numbers)
    :return: ``{address: (someone refused all, someone refused the channel, it does not exist, blacklisted)}``; only
        addresses that something speaks against
    """
    column, refuse, invalid, blacklist, listed = CHANNELS[channel]
    flags = (
        SQL("(marketing_refuse_all OR marketing_refuse_email OR marketing_invalid_email)")
        if column is EMAIL
        else SQL("(marketing_refuse_all OR marketing_refuse_sms OR marketing_refuse_phone OR marketing_invalid_phone)")
    )
    values = {
        "column": column,
        "refuse": refuse,
        "invalid": invalid,
        "blacklist": blacklist,
        "listed": listed,
        "flags": flags,
        "addresses": list(addresses),
    }
    cr.execute(
        SQL(
            """
            SELECT address, bool_or(refused_all), bool_or(refused), bool_or(invalid), bool_or(blacklisted)
              FROM (SELECT %(column)s AS address, marketing_refuse_all AS refused_all, %(refuse)s AS refused,
                           %(invalid)s AS invalid, false AS blacklisted
                      FROM res_partner WHERE %(column)s = ANY(%(addresses)s) AND %(flags)s
                     UNION ALL
                    SELECT %(column)s, marketing_refuse_all, %(refuse)s, %(invalid)s, false
                      FROM crm_lead WHERE %(column)s = ANY(%(addresses)s) AND %(flags)s
                     UNION ALL
                    SELECT %(listed)s, false, false, false, true
                      FROM %(blacklist)s WHERE %(listed)s = ANY(%(addresses)s) AND active) said
             GROUP BY address
            """,
            **values,
        )
    )
    return {address: tuple(bool(flag) for flag in said) for address, *said in cr.fetchall()}


def received_before(cr, step_id, addresses):
    """Ids of the enrollments whose person got the message of this step at the same address by a run that ended in
    favor of this one.

    Leans on ``marketing_scenario_enrollment__person_idx`` and ``marketing_scenario_trace__enrollment_id_index``.

    :param addresses: ``{enrollment id: address or number}``
    """
    cr.execute(
        SQL(
            """
            SELECT DISTINCT asked.id
              FROM unnest(%s::int[], %s::varchar[]) AS asked(id, address)
              JOIN marketing_scenario_enrollment run ON run.id = asked.id
              JOIN marketing_scenario_enrollment other
                ON other.person_key = run.person_key AND other.scenario_id = run.scenario_id AND other.id <> run.id
               AND other.end_reason IN ('same_person', 'target_merged') AND other.ended_at >= run.entered_at
              JOIN marketing_scenario_trace trace ON trace.enrollment_id = other.id AND trace.step_id = %s
              JOIN mailing_trace message ON message.id = trace.mailing_trace_id
             WHERE asked.address IN (message.email, message.sms_number)
               AND message.trace_status NOT IN ('cancel', 'error')
            """,
            list(addresses),
            list(addresses.values()),
            step_id,
        )
    )
    return [row[0] for row in cr.fetchall()]


def reactions(cr, addresses, since):
    """When those with these addresses and numbers clicked in a message or answered it.

    Leans on ``mailing_trace__marketing_email_idx`` and ``mailing_trace__marketing_number_idx``.

    :return: ``{address or number: [moments]}``
    """
    if not addresses:
        return {}
    cr.execute(
        SQL(
            """
            SELECT coalesce(trace.email, trace.sms_number), array_agg(reacted.at)
              FROM mailing_trace trace
             CROSS JOIN LATERAL (VALUES (trace.links_click_datetime), (trace.reply_datetime)) AS reacted(at)
             WHERE (trace.email = ANY(%(addresses)s) OR trace.sms_number = ANY(%(addresses)s))
               AND trace.create_date > %(since)s AND reacted.at IS NOT NULL
             GROUP BY 1
            """,
            addresses=list(addresses),
            since=since,
        )
    )
    return dict(cr.fetchall())


def hours_of_companies(cr, zones, since):
    """How many clicks and answers there were at each hour of the people's own wall clocks, in one pass.

    :param zones: ``{company id: time zone}``, for people who have none
    :return: ``{company id: {hour: count}}``
    """
    cr.execute(
        SQL(
            """
            SELECT company.id, extract(hour FROM reacted.at AT TIME ZONE 'UTC'
                                                 AT TIME ZONE coalesce(theirs.name, ours.name, 'UTC'))::int, count(*)
              FROM mailing_trace trace
              JOIN marketing_scenario_enrollment run ON run.id = trace.marketing_enrollment_id
             CROSS JOIN LATERAL (VALUES (trace.links_click_datetime), (trace.reply_datetime)) AS reacted(at)
              JOIN unnest(%(companies)s::int[], %(zones)s::varchar[]) AS company(id, zone)
                ON company.id = coalesce(run.company_id, company.id)
              LEFT JOIN crm_lead lead ON lead.id = run.lead_id
              LEFT JOIN res_partner person ON person.id = coalesce(run.partner_id, lead.partner_id)
              LEFT JOIN pg_timezone_names theirs ON theirs.name = person.tz
              LEFT JOIN pg_timezone_names ours ON ours.name = company.zone
             WHERE reacted.at >= %(since)s
             GROUP BY 1, 2
            """,
            companies=list(zones),
            zones=list(zones.values()),
            since=since,
        )
    )
    found = {}
    for company_id, hour, count in cr.fetchall():
        found.setdefault(company_id, {})[hour] = count
    return found
