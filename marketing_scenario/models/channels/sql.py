"""The lock around a step's mailings, and what names a person in queues and traces.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

ADDRESS = "[a-z0-9._+'-]+@[a-z0-9.-]*[a-z0-9]"


def lock_step(cr, step_id):
    """Wait for the transaction that is writing this step; if it changed it, the caller's transaction begins again.

    It is another lane, which will soon be done: this once, the wait has no limit.
    """
    cr.execute("SHOW lock_timeout")
    usual = cr.fetchone()[0]
    cr.execute("SET LOCAL lock_timeout = 0")
    cr.execute(
        SQL("SELECT FROM marketing_scenario_step WHERE id = %s FOR NO KEY UPDATE", step_id), log_exceptions=False
    )
    cr.execute(SQL("SET LOCAL lock_timeout = %s", usual))


def hold(cr, mail_ids, trace_ids):
    """Lock what will be noted of these messages once they have left, until the transaction ends.

    Somebody who wrote one of these rows since this transaction began makes it fail here, while nothing has left yet;
    the later one waits.

    :raise SerializationFailure: begin again with a fresh transaction
    """
    if mail_ids:
        cr.execute(
            SQL(
                """
                SELECT FROM mail_mail mail JOIN mail_message message ON message.id = mail.mail_message_id
                 WHERE mail.id = ANY(%s) ORDER BY mail.id FOR UPDATE OF mail FOR NO KEY UPDATE OF message
                """,
                list(mail_ids),
            ),
            log_exceptions=False,
        )
    cr.execute(
        SQL("SELECT FROM mailing_trace WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", list(trace_ids)),
        log_exceptions=False,
    )


def opened_by_machines(cr, mailing_ids):
    """Messages that nobody but a machine has opened: ``{mailing id: how many of those that Odoo counts as opened}``.

    Leans on ``mailing_trace__marketing_machine_idx``.
    """
    cr.execute(
        SQL(
            """
            SELECT mass_mailing_id, count(*) FROM mailing_trace
             WHERE mass_mailing_id = ANY(%s) AND marketing_opened_by_machine AND trace_status IN ('open', 'reply')
             GROUP BY mass_mailing_id
            """,
            list(mailing_ids),
        )
    )
    return dict(cr.fetchall())


def forget_traces(cr, trace_ids):
    """Empty what names a person in these messages and in the clicks on them (S37). Leans on the foreign keys."""
    cr.execute(
        SQL(
            "UPDATE mailing_trace SET email = NULL, sms_number = NULL, failure_reason = NULL WHERE id = ANY(%s)",
            list(trace_ids),
        )
    )
    cr.execute(SQL("UPDATE link_tracker_click SET ip = NULL WHERE mailing_trace_id = ANY(%s)", list(trace_ids)))


def links_with(cr, addresses):
    """Ids of the tracked links of scenarios whose address holds one of these email addresses: links made for one
    person. One pass over the links.

    :param addresses: normalized email addresses
    """
    if not addresses:
        return []
    cr.execute(
        SQL(
            r"""
            SELECT DISTINCT link.id
              FROM link_tracker link
              JOIN mailing_mailing mailing ON mailing.id = link.mass_mailing_id
             CROSS JOIN regexp_matches(
                    replace(replace(lower(link.url), '%%40', '@'), '%%2b', '+'), %s, 'g') AS found(words)
             WHERE mailing.marketing_step_id IS NOT NULL AND found.words[1] = ANY(%s)
            """,
            ADDRESS,
            list(addresses),
        )
    )
    return [row[0] for row in cr.fetchall()]


def mails_of_no_record(cr, addresses):
    """Ids of the queued mails to these addresses that belong to no record, such as the request to confirm one. One
    pass over the queue, which is short.

    :param addresses: normalized email addresses
    """
    if not addresses:
        return []
    cr.execute(
        SQL(
            """
            SELECT DISTINCT mail.id
              FROM mail_mail mail
              JOIN mail_message message ON message.id = mail.mail_message_id
             CROSS JOIN regexp_matches(lower(mail.email_to), %s, 'g') AS found(words)
             WHERE message.model IS NULL AND found.words[1] = ANY(%s)
            """,
            ADDRESS,
            list(addresses),
        )
    )
    return [row[0] for row in cr.fetchall()]
