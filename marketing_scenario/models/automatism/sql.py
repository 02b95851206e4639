"""The outbox of events, and waking the conditions that wait for them.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def note_events(cr, notes, chain, automatism_id, now, cron_id):
    """Insert the event rows and wake their cron, in one statement: all an event costs to the one who causes it (S14).

    The trigger row is what ``ir.cron._trigger`` writes. One per transaction: rows of this transaction are known by
    its timestamp, so a savepoint that is rolled back takes its trigger along, and the next event writes it again.

    :param notes: list of ``(kind, res_model, res_id, payload as JSON text)``
    :param chain: ids of the automations that led to these events, as JSON text
    :param automatism_id: the only automation concerned, or None for all
    """
    kinds, models, ids, payloads = (list(column) for column in zip(*notes, strict=True))
    cr.execute(
        SQL(
            """
            WITH noted AS (
                INSERT INTO marketing_automatism_event
                       (kind, res_model, res_id, payload, chain, automatism_id, at, next_try_at, state, attempts)
                SELECT note.kind, note.res_model, note.res_id, note.payload::jsonb, %(chain)s::jsonb,
                       %(automatism_id)s::int, %(now)s, %(now)s, 'waiting', 0
                  FROM unnest(%(kinds)s, %(models)s, %(ids)s, %(payloads)s) WITH ORDINALITY
                       AS note(kind, res_model, res_id, payload, position)
                 ORDER BY note.position
            )
            INSERT INTO ir_cron_trigger (cron_id, call_at, create_date)
            SELECT cron.id, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM ir_cron cron
             WHERE cron.id = %(cron_id)s AND cron.active
               AND NOT EXISTS (
                    SELECT FROM ir_cron_trigger trigger
                     WHERE trigger.cron_id = cron.id AND trigger.create_date = now() AT TIME ZONE 'UTC')
            """,
            kinds=kinds,
            models=models,
            ids=ids,
            payloads=payloads,
            chain=chain,
            automatism_id=automatism_id,
            now=now,
            cron_id=cron_id,
        )
    )


def claim_events(cr, now, limit):
    """Lock the oldest events to process; SKIP LOCKED keeps parallel workers apart.

    Leans on ``marketing_automatism_event__waiting_idx``.

    :return: their ids, oldest first
    """
    cr.execute(
        SQL(
            """
            SELECT id FROM marketing_automatism_event
             WHERE state = 'waiting' AND next_try_at <= %s
             ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            """,
            now,
            limit,
        )
    )
    return [row[0] for row in cr.fetchall()]


def log_events(cr, automatism_id, event_ids, outcome, reason, now):
    """One INSERT for what an automation made of these events, in their order."""
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_automatism_log (automatism_id, res_model, res_id, at, outcome, reason)
            SELECT %s, res_model, res_id, %s, %s, %s
              FROM marketing_automatism_event WHERE id = ANY(%s) ORDER BY id
            """,
            automatism_id,
            now,
            outcome,
            reason,
            list(event_ids),
        )
    )


def keep_events(cr, ids, automatism_ids):
    """Leave these events in the queue for the automations that have not seen them yet.

    :param automatism_ids: those that have, in this batch
    """
    cr.execute(
        SQL(
            "UPDATE marketing_automatism_event SET handled = coalesce(handled, '[]') || to_jsonb(%s::int[])"
            " WHERE id = ANY(%s)",
            list(automatism_ids),
            list(ids),
        )
    )


def delete_events(cr, ids):
    cr.execute(SQL("DELETE FROM marketing_automatism_event WHERE id = ANY(%s)", list(ids)))


def next_event(cr):
    """Earliest moment at which an event waits to be tried again, or None."""
    cr.execute("SELECT min(next_try_at) FROM marketing_automatism_event WHERE state = 'waiting'")
    return cr.fetchone()[0]


def wake_waiting(cr, step_ids, partner_ids, lead_ids, now):
    """Let conditions that wait for an event look again now (S24): those of the records, of a lead's contact, of a
    contact's leads and of the account of either; an account's event also reaches its people.

    The runs of these people in scenarios with such a condition are locked first: when the engine is just moving
    one, this transaction waits, fails on the conflict and is begun again, and so cannot miss it.

    :return: number of enrollments woken
    """
    cr.execute(
        SQL(
            """
            WITH event_partner AS (
                SELECT partner.id, partner.commercial_partner_id
                  FROM res_partner partner
                 WHERE partner.id = ANY(%(partner_ids)s)
                    OR partner.id IN (SELECT partner_id FROM crm_lead WHERE id = ANY(%(lead_ids)s))
            ), partner AS (
                SELECT id FROM event_partner
                 UNION SELECT commercial_partner_id FROM event_partner
                 UNION SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%(partner_ids)s)
            ), lead AS (
                SELECT id FROM crm_lead WHERE id = ANY(%(lead_ids)s)
                 UNION SELECT id FROM crm_lead WHERE partner_id = ANY(%(partner_ids)s)
                 UNION SELECT crm_lead.id FROM crm_lead JOIN res_partner ON res_partner.id = crm_lead.partner_id
                        WHERE res_partner.commercial_partner_id = ANY(%(partner_ids)s)
            ), concerned AS (
                SELECT enrollment.id, enrollment.step_id, enrollment.scenario_id
                  FROM marketing_scenario_enrollment enrollment JOIN partner ON partner.id = enrollment.partner_id
                 WHERE enrollment.state = 'running'
                 UNION ALL
                SELECT enrollment.id, enrollment.step_id, enrollment.scenario_id
                  FROM marketing_scenario_enrollment enrollment JOIN lead ON lead.id = enrollment.lead_id
                 WHERE enrollment.state = 'running'
            ), locked AS (
                SELECT enrollment.id
                  FROM marketing_scenario_enrollment enrollment
                 WHERE enrollment.id IN (
                        SELECT concerned.id FROM concerned
                         WHERE concerned.scenario_id IN (
                                SELECT scenario_id FROM marketing_scenario_step WHERE id = ANY(%(step_ids)s)))
                 ORDER BY enrollment.id
                   FOR NO KEY UPDATE
            )
            UPDATE marketing_scenario_enrollment enrollment
               SET next_run_at = %(now)s
              FROM locked
             WHERE locked.id = enrollment.id
               AND enrollment.step_id = ANY(%(step_ids)s)
               AND enrollment.wait_until IS NOT NULL
               AND enrollment.wake_outcome IS NULL
               AND enrollment.next_run_at > %(now)s
            """,
            step_ids=list(step_ids),
            partner_ids=list(partner_ids),
            lead_ids=list(lead_ids),
            now=now,
        )
    )
    return cr.rowcount


def inherit_events(cr, res_model, source_ids, survivor_id):
    """Events noted for merged records concern their survivor."""
    cr.execute(
        SQL(
            "UPDATE marketing_automatism_event SET res_id = %s WHERE res_model = %s AND res_id = ANY(%s)",
            survivor_id,
            res_model,
            list(source_ids),
        )
    )
