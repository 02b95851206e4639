"""The score and its history, changed together.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..target.sql import TARGETS


def change_score(cr, res_model, counts, points, reason, source, now, user_id):
    """Add ``points`` to scores (None: set them to 0) and write a history row for each time.

    :param counts: ``{record id: how many times}``; once each for a reset
    :return: ``{id: (score before, new score)}``
    """
    target = TARGETS[res_model]
    cr.execute(
        SQL(
            """
            WITH counted AS (
                SELECT * FROM unnest(%(ids)s, %(times)s) AS counted(id, times)
            ), before AS (
                SELECT target.id, coalesce(target.marketing_own_score, 0) AS score, counted.times
                  FROM %(table)s target JOIN counted ON counted.id = target.id
                 ORDER BY target.id FOR NO KEY UPDATE OF target
            ), changed AS (
                UPDATE %(table)s target
                   SET marketing_own_score = CASE WHEN %(points)s::int IS NULL THEN 0
                                                  ELSE before.score + %(points)s * before.times END
                  FROM before WHERE before.id = target.id
                RETURNING target.id, target.marketing_own_score AS score, before.score AS score_before, before.times
            ), noted AS (
                INSERT INTO marketing_score_line
                       (%(column)s, points, reason, source, at, create_uid, create_date, write_uid, write_date)
                SELECT id, (score - score_before) / times, %(reason)s, %(source)s, %(now)s, %(user_id)s, %(now)s,
                       %(user_id)s, %(now)s
                  FROM changed CROSS JOIN generate_series(1, changed.times)
            )
            SELECT id, score_before, score FROM changed
            """,
            table=target["table"],
            column=target["column"],
            ids=list(counts),
            times=list(counts.values()),
            points=points,
            reason=reason,
            source=source,
            now=now,
            user_id=user_id,
        )
    )
    return {target_id: (before, after) for target_id, before, after in cr.fetchall()}


def hand_over_score(cr, lead_ids):
    """Contacts take over the score of these leads of theirs, with its history.

    :return: ``{contact id: (score before, new score)}`` of those who gained or lost; before is the higher score of the
        two, so that a threshold the person has passed already is not passed again
    """
    cr.execute(
        SQL(
            """
            WITH given AS (
                SELECT id, partner_id, marketing_own_score AS score FROM crm_lead
                 WHERE id = ANY(%(ids)s) AND partner_id IS NOT NULL AND coalesce(marketing_own_score, 0) <> 0
            ), moved AS (
                UPDATE marketing_score_line line SET partner_id = lead.partner_id, lead_id = NULL
                  FROM crm_lead lead
                 WHERE lead.id = ANY(%(ids)s) AND lead.partner_id IS NOT NULL AND line.lead_id = lead.id
            ), emptied AS (
                UPDATE crm_lead SET marketing_own_score = 0 WHERE id IN (SELECT id FROM given)
            ), summed AS (
                SELECT partner_id, sum(score)::int AS score, max(score) AS highest FROM given GROUP BY partner_id
            ), before AS (
                SELECT contact.id, coalesce(contact.marketing_own_score, 0) AS score
                  FROM res_partner contact JOIN summed ON summed.partner_id = contact.id
                 ORDER BY contact.id FOR NO KEY UPDATE OF contact
            )
            UPDATE res_partner contact
               SET marketing_own_score = before.score + summed.score
              FROM before JOIN summed ON summed.partner_id = before.id
             WHERE contact.id = before.id
            RETURNING contact.id, greatest(before.score, summed.highest), contact.marketing_own_score
            """,
            ids=list(lead_ids),
        )
    )
    return {contact_id: (before, after) for contact_id, before, after in cr.fetchall()}


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
