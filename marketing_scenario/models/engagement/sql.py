"""Forms as facts about a person.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


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
