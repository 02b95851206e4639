"""The lock around a step's mailings, what became of messages, and what names a person in queues and traces.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

ADDRESS = "[a-z0-9._+'-]+@[a-z0-9.-]*[a-z0-9]"

# What became of a message, in the same words for all figures: reports, cards, tests of variants. ``trace`` is its row,
# ``fact`` has a column for each of FACTS_TOLD. Who clicked or answered has read it; a machine that fetched it has not.
# What bounced has reached nobody, whatever was clicked before.
FACTS_TOLD = (
    "sent",
    "delivered",
    "opened",
    "opened_by_machine",
    "clicked",
    "replied",
    "bounced",
    "failed",
    "opted_out",
)
HAS_LEFT = SQL(
    "trace.marketing_enrollment_id IS NOT NULL AND trace.trace_status NOT IN ('outgoing', 'process', 'cancel')"
)
FACTS = SQL(
    """
    CROSS JOIN LATERAL (
          SELECT trace.trace_status NOT IN ('bounce', 'error') AS arrived,
                 trace.open_datetime IS NOT NULL OR trace.trace_status = 'open' AS fetched,
                 trace.marketing_opened_by_machine IS TRUE AS by_machine) mark
    CROSS JOIN LATERAL (
          SELECT mark.arrived AND trace.links_click_datetime IS NOT NULL AS clicked,
                 mark.arrived AND (trace.trace_status = 'reply' OR trace.reply_datetime IS NOT NULL) AS replied) deed
    CROSS JOIN LATERAL (
          SELECT deed.clicked OR deed.replied AS reacted, mark.arrived AND mark.fetched AS fetched) read
    CROSS JOIN LATERAL (
          SELECT trace.trace_status <> 'error' AS sent,
                 read.reacted OR read.fetched OR trace.trace_status IN ('sent', 'open', 'reply') AS delivered,
                 read.reacted OR read.fetched AND NOT mark.by_machine AS opened,
                 read.fetched AND mark.by_machine AND NOT read.reacted AS opened_by_machine,
                 deed.clicked, deed.replied,
                 trace.trace_status = 'bounce' AS bounced, trace.trace_status = 'error' AS failed,
                 trace.marketing_opted_out_at IS NOT NULL AS opted_out) fact
    """
)


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


def message_counts(cr, mailing_ids):
    """How many messages of these mailings left, and what became of them: ``{mailing id: {fact: count}}`` (``FACTS``).

    Leans on the index of Odoo on ``mailing_trace.mass_mailing_id``.
    """
    cr.execute(
        SQL(
            """
            SELECT trace.mass_mailing_id, %(counts)s
              FROM mailing_trace trace %(facts)s
             WHERE trace.mass_mailing_id = ANY(%(mailing_ids)s) AND %(left)s
             GROUP BY trace.mass_mailing_id
            """,
            counts=SQL(", ").join(
                SQL("count(*) FILTER (WHERE %s)", SQL.identifier("fact", name)) for name in FACTS_TOLD
            ),
            facts=FACTS,
            left=HAS_LEFT,
            mailing_ids=list(mailing_ids),
        )
    )
    return {mailing_id: dict(zip(FACTS_TOLD, counts, strict=True)) for mailing_id, *counts in cr.fetchall()}


def is_fact(trace_id, fact):
    """Condition: the message with this id left, and this became of it; see ``FACTS``.

    :param trace_id: column
    """
    return SQL(
        "EXISTS (SELECT FROM mailing_trace trace %s WHERE trace.id = %s AND %s AND %s)",
        FACTS,
        trace_id,
        HAS_LEFT,
        SQL.identifier("fact", fact),
    )


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
