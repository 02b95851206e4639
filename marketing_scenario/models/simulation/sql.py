"""Statements of the dry run. Functions take a cursor and plain values."""

from odoo.tools import SQL


def seal(cr):
    """From here on this transaction, or the savepoint it is in, can only be rolled back: see ``seal.py``."""
    cr.execute("INSERT INTO marketing_simulation_seal (never) VALUES (-1)")


def claim_these(cr, enrollment_ids):
    """What the engine's claim returns, for these runs of the transaction's own: nothing is locked, nothing is due."""
    return _claimed(cr, SQL("id = ANY(%s)", list(enrollment_ids)))


def claim_due(cr, enrollment_ids, after_id, now):
    """As ``claim_these``, for those of a crowd that are due.

    :param enrollment_ids: runs that existed before the dry run and are part of it
    :param after_id: all runs with a greater id belong to it too: they were begun in this transaction
    """
    return _claimed(cr, SQL("%s AND next_run_at <= %s", _crowd(enrollment_ids, after_id), now))


def _claimed(cr, which):
    cr.execute(
        SQL(
            """
            SELECT id, step_id, wake_outcome, attempts, wait_until, is_late,
                   num_nonnulls(partner_id, lead_id) > 0 AS has_target
              FROM marketing_scenario_enrollment
             WHERE %s AND state = 'running'
             ORDER BY next_run_at, id
            """,
            which,
        )
    )
    return cr.fetchall()


def next_due(cr, enrollment_ids, after_id):
    """Earliest moment at which a run of the crowd goes on, or None."""
    cr.execute(
        SQL(
            "SELECT min(next_run_at) FROM marketing_scenario_enrollment WHERE %s AND state = 'running'",
            _crowd(enrollment_ids, after_id),
        )
    )
    return cr.fetchone()[0]


def last_id(cr, table):
    """The greatest id of a table that this transaction can see; 0 when it is empty."""
    cr.execute(SQL("SELECT coalesce(max(id), 0) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def waiting_for_cap(cr, enrollment_ids, after_id):
    """Ids of those of the crowd whose message waits because they got enough of them lately."""
    cr.execute(
        SQL(
            "SELECT id FROM marketing_scenario_enrollment WHERE %s AND wait_reason = 'frequency_cap'",
            _crowd(enrollment_ids, after_id),
        )
    )
    return {row[0] for row in cr.fetchall()}


def passages(cr, after_trace_id):
    """What happened on each step since a trace: ``[(step_id, event, outcome, reason, count)]``."""
    cr.execute(
        SQL(
            """
            SELECT step_id, event, outcome, reason, count(*)
              FROM marketing_scenario_trace WHERE id > %s
             GROUP BY step_id, event, outcome, reason
            """,
            after_trace_id,
        )
    )
    return cr.fetchall()


def places(cr, enrollment_ids, after_id):
    """Where the crowd stands at the end: ``[(step_id, state, end_reason, wait_reason, count)]``."""
    cr.execute(
        SQL(
            """
            SELECT step_id, state, end_reason, wait_reason, count(*)
              FROM marketing_scenario_enrollment WHERE %s
             GROUP BY step_id, state, end_reason, wait_reason
            """,
            _crowd(enrollment_ids, after_id),
        )
    )
    return cr.fetchall()


def messages(cr, after_trace_id):
    """Messages counted since a mailing trace: ``[(hour, trace_type, count)]``, hours in naive UTC."""
    cr.execute(
        SQL(
            """
            SELECT date_trunc('hour', sent_datetime), trace_type, count(*)
              FROM mailing_trace WHERE id > %s GROUP BY 1, 2 ORDER BY 1
            """,
            after_trace_id,
        )
    )
    return cr.fetchall()


def reached(cr, after_trace_id):
    """How many got a message since a mailing trace."""
    cr.execute(SQL("SELECT count(DISTINCT marketing_enrollment_id) FROM mailing_trace WHERE id > %s", after_trace_id))
    return cr.fetchone()[0]


def count_messages(cr, trace_type, model, mailing_id, rows, now):
    """Note messages as sent, without composing them.

    :param rows: ``[(enrollment id, record id, address or number)]``
    :return: ``{enrollment id: mailing.trace id}``
    """
    enrollment_ids, record_ids, addresses = (list(column) for column in zip(*rows, strict=True))
    address = SQL.identifier("email" if trace_type == "mail" else "sms_number")
    cr.execute(
        SQL(
            """
            INSERT INTO mailing_trace (trace_type, model, res_id, mass_mailing_id, campaign_id, %(address)s,
                                       marketing_enrollment_id, trace_status, sent_datetime, create_date, write_date)
            SELECT %(trace_type)s, %(model)s, message.record_id, mailing.id, mailing.campaign_id, message.address,
                   message.enrollment_id, 'sent', %(now)s, %(now)s, %(now)s
              FROM unnest(%(enrollments)s, %(records)s, %(addresses)s) AS message(enrollment_id, record_id, address)
             CROSS JOIN mailing_mailing mailing WHERE mailing.id = %(mailing)s
            RETURNING marketing_enrollment_id, id
            """,
            address=address,
            trace_type=trace_type,
            model=model,
            now=now,
            enrollments=enrollment_ids,
            records=record_ids,
            addresses=addresses,
            mailing=mailing_id,
        )
    )
    return dict(cr.fetchall())


def new_mails(cr, after_trace_id):
    """Ids of the mails counted since a mailing trace, in order."""
    cr.execute(SQL("SELECT id FROM mailing_trace WHERE id > %s AND trace_type = 'mail' ORDER BY id", after_trace_id))
    return [row[0] for row in cr.fetchall()]


REACTIONS = {
    "opened": "trace_status = 'open', open_datetime = coalesce(open_datetime, %s)",
    "clicked": "links_click_datetime = coalesce(links_click_datetime, %s)",
    "replied": "trace_status = 'reply', reply_datetime = coalesce(reply_datetime, %s)",
}


def react(cr, kind, trace_ids, now):
    """Note that these mails were opened, clicked or answered; return the ids of their runs."""
    changed = SQL(REACTIONS[kind], now)
    ids = list(trace_ids)
    cr.execute(SQL("UPDATE mailing_trace SET %s WHERE id = ANY(%s) RETURNING marketing_enrollment_id", changed, ids))
    return [row[0] for row in cr.fetchall() if row[0]]


def click(cr, clicks, now):
    """Note which link was clicked: ``[(link id, mailing trace id)]``."""
    link_ids, trace_ids = (list(column) for column in zip(*clicks, strict=True))
    cr.execute(
        SQL(
            """
            INSERT INTO link_tracker_click (link_id, mailing_trace_id, mass_mailing_id, campaign_id, create_date)
            SELECT click.link_id, trace.id, trace.mass_mailing_id, trace.campaign_id, %s
              FROM unnest(%s, %s) AS click(link_id, trace_id) JOIN mailing_trace trace ON trace.id = click.trace_id
            """,
            now,
            link_ids,
            trace_ids,
        )
    )


def mailings_of(cr, trace_ids):
    """``{mailing trace id: mailing id}``."""
    cr.execute(SQL("SELECT id, mass_mailing_id FROM mailing_trace WHERE id = ANY(%s)", list(trace_ids)))
    return dict(cr.fetchall())


def reactions(cr, scenario_id=None):
    """How many mails were sent, opened, clicked and answered so far, by one scenario or by all scenarios."""
    cr.execute(
        SQL(
            """
            SELECT count(*), count(*) FILTER (WHERE trace.open_datetime IS NOT NULL),
                   count(*) FILTER (WHERE trace.links_click_datetime IS NOT NULL),
                   count(*) FILTER (WHERE trace.reply_datetime IS NOT NULL)
              FROM mailing_mailing mailing
              JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
              JOIN mailing_trace trace ON trace.mass_mailing_id = mailing.id
             WHERE trace.trace_type = 'mail' AND trace.sent_datetime IS NOT NULL
               AND (%(scenario)s::int IS NULL OR step.scenario_id = %(scenario)s)
            """,
            scenario=scenario_id,
        )
    )
    return dict(zip(("sent", "opened", "clicked", "replied"), cr.fetchone(), strict=True))


def _crowd(enrollment_ids, after_id):
    return SQL("(id > %s OR id = ANY(%s::int[]))", after_id, list(enrollment_ids))
