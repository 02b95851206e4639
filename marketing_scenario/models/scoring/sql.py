"""The score and its history, changed together.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..target.sql import TARGETS


def change_score(cr, res_model, ids, points, reason, source, now, user_id):
    """Add ``points`` to the score of ``ids`` (None: set it to 0) and write one history row each.

    :return: ``{id: new score}``
    """
    target = TARGETS[res_model]
    cr.execute(
        SQL(
            """
            WITH before AS (
                SELECT id, coalesce(marketing_own_score, 0) AS score FROM %(table)s
                 WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
            ), changed AS (
                UPDATE %(table)s target
                   SET marketing_own_score = CASE WHEN %(points)s::int IS NULL THEN 0 ELSE before.score + %(points)s END
                  FROM before WHERE before.id = target.id
                RETURNING target.id, target.marketing_own_score AS score, before.score AS score_before
            ), noted AS (
                INSERT INTO marketing_score_line
                       (%(column)s, points, reason, source, at, create_uid, create_date, write_uid, write_date)
                SELECT id, score - score_before, %(reason)s, %(source)s, %(now)s, %(user_id)s, %(now)s, %(user_id)s,
                       %(now)s
                  FROM changed
            )
            SELECT id, score FROM changed
            """,
            table=target["table"],
            column=target["column"],
            ids=ids,
            points=points,
            reason=reason,
            source=source,
            now=now,
            user_id=user_id,
        )
    )
    return dict(cr.fetchall())


def inherit_score_lines(cr, source_ids, survivor_id):
    """The surviving lead of a merge takes over the score of the others, with its history (S4)."""
    cr.execute(
        SQL(
            """
            WITH moved AS (
                UPDATE marketing_score_line SET lead_id = %(survivor)s WHERE lead_id = ANY(%(sources)s)
            )
            UPDATE crm_lead
               SET marketing_own_score = coalesce(marketing_own_score, 0) + coalesce(
                    (SELECT sum(marketing_own_score) FROM crm_lead WHERE id = ANY(%(sources)s)), 0)
             WHERE id = %(survivor)s
            """,
            sources=list(source_ids),
            survivor=survivor_id,
        )
    )
