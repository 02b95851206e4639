"""What became of the messages of a test.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def reactions(cr, mailing_ids, since, until):
    """How many people got a message of these mailings, opened it, clicked in it and answered it.

    Who got it several times counts once: what one person does is no new evidence. Leans on the index of Odoo on
    ``mailing_trace.mass_mailing_id``.

    :param since, until: when it left
    :return: ``{mailing id: (sent, opens, clicks, answers)}``
    """
    cr.execute(
        SQL(
            """
            SELECT mass_mailing_id, count(*), count(*) FILTER (WHERE opened), count(*) FILTER (WHERE clicked),
                   count(*) FILTER (WHERE answered)
              FROM (SELECT mass_mailing_id, bool_or(open_datetime IS NOT NULL) AS opened,
                           bool_or(links_click_datetime IS NOT NULL) AS clicked,
                           bool_or(reply_datetime IS NOT NULL) AS answered
                      FROM mailing_trace
                     WHERE mass_mailing_id = ANY(%s) AND sent_datetime >= %s AND sent_datetime < %s
                       AND trace_status NOT IN ('outgoing', 'process', 'error', 'cancel')
                     GROUP BY mass_mailing_id, res_id) person
             GROUP BY 1
            """,
            list(mailing_ids),
            since,
            until,
        )
    )
    return {mailing_id: tuple(counts) for mailing_id, *counts in cr.fetchall()}
