"""The latch between simultaneous posts of one person, and forms as facts about a person.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def hold_latches(cr, identities, now):
    """Take the rows of these identities until the transaction ends.

    Two transactions meet on ``marketing_engagement_latch_identity_unique``: the later one waits, then fails to
    serialize, also when the other has committed since its snapshot, and Odoo runs its request again on fresh data.
    """
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_engagement_latch (identity, at, turn)
            SELECT identity, %(now)s, 1 FROM unnest(%(identities)s) AS identity ORDER BY identity
                ON CONFLICT (identity) DO UPDATE SET at = %(now)s, turn = marketing_engagement_latch.turn + 1
            """,
            identities=list(identities),
            now=now,
        ),
        log_exceptions=False,
    )


def submissions_as_facts(column):
    """Sub-select ``(id, at)``: forms filled by the records of this column.

    Leans on ``marketing_engagement_submission__fact_idx`` and on the indexes of the columns.
    """
    return SQL(
        """
        SELECT %(column)s AS id, at FROM marketing_engagement_submission
         WHERE %(column)s IS NOT NULL AND state IN ('done', 'to_confirm')
        """,
        column=SQL.identifier(column),
    )
