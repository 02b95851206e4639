"""What a person got from a step by another record of theirs.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def received_before(cr, step_id, addresses):
    """Ids of the enrollments whose person got the message of this step at the same address by a run that ended in
    favor of this one.

    Leans on ``marketing_scenario_enrollment__person_idx`` and ``marketing_scenario_trace__enrollment_step_idx``.

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
            """,
            list(addresses),
            list(addresses.values()),
            step_id,
        )
    )
    return [row[0] for row in cr.fetchall()]
