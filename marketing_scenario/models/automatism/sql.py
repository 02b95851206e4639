"""The outbox of events, waking the conditions that wait for them, and who fell asleep.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..engine.sql import trigger_row
from ..target.sql import TARGETS


def note_events(cr, notes, chain, automatism_id, now, cron_id):
    """Insert the event rows and wake their cron, in one statement: all an event costs to the one who causes it (S14).

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
            %(trigger)s
            """,
            kinds=kinds,
            models=models,
            ids=ids,
            payloads=payloads,
            chain=chain,
            automatism_id=automatism_id,
            now=now,
            trigger=trigger_row(cron_id),
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


def handled(cr, ids):
    """Which automations have seen which of these events: ``{event id: automation ids}``.

    Not by the field: it copies its value at each look, hundreds of ids for each of a thousand events.
    """
    cr.execute(
        SQL("SELECT id, handled FROM marketing_automatism_event WHERE id = ANY(%s) AND handled IS NOT NULL", list(ids))
    )
    return dict(cr.fetchall())


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


def people(partner_ids, lead_ids):
    """Named parts ``partner`` and ``lead``: whom an event of these records concerns. The records, a lead's contact, a
    contact's leads and the account of either; an account's event also reaches its people."""
    return SQL(
        """
        event_partner AS (
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
        )""",
        partner_ids=list(partner_ids),
        lead_ids=list(lead_ids),
    )


def wake_waiting(cr, step_ids, partner_ids, lead_ids, now):
    """Let conditions that wait for an event look again now (S24), those of the ``people`` it concerns.

    The runs of these people in scenarios with such a condition are locked first: when the engine is just moving
    one, this transaction waits, fails on the conflict and is begun again, and so cannot miss it.

    :return: number of enrollments woken
    """
    cr.execute(
        SQL(
            """
            WITH %(people)s, concerned AS (
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
            people=people(partner_ids, lead_ids),
            step_ids=list(step_ids),
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


def facts(res_model):
    """What counts as activity of these records, as sub-selects ``(id, at)``: messages of people (not of scenarios nor
    of the system), activities planned by people or done, clicks, the creation; of a lead another stage, too.

    Each leans on an index on its moment: ``events/activity_index.py``, and Odoo's own of crm_lead.
    """
    own = {
        "res.partner": [SQL("SELECT id, create_date AS at FROM res_partner")],
        "crm.lead": [
            SQL("SELECT id, create_date AS at FROM crm_lead"),
            SQL("SELECT id, date_last_stage_update AS at FROM crm_lead"),
        ],
    }[res_model]
    return [
        *own,
        SQL(
            """
            SELECT res_id AS id, date AS at FROM mail_message
             WHERE model = %s AND model IN ('res.partner', 'crm.lead') AND message_type IN ('email', 'comment')
            """,
            res_model,
        ),
        SQL(
            """
            SELECT res_id AS id, marketing_done_at AS at FROM mail_activity
             WHERE res_model = %s AND marketing_done_at IS NOT NULL
            """,
            res_model,
        ),
        SQL(
            "SELECT res_id AS id, create_date AS at FROM mail_activity WHERE res_model = %s AND automated IS NOT TRUE",
            res_model,
        ),
        SQL(
            """
            SELECT res_id AS id, links_click_datetime AS at FROM mailing_trace
             WHERE model = %s AND links_click_datetime IS NOT NULL
            """,
            res_model,
        ),
    ]


def _facts_of(res_model, facts):
    return SQL("(%s)", SQL(" UNION ALL ").join(facts[res_model]))


def _awake(res_model, facts, until):
    """Condition: something happened after ``until`` to the record ``target``, or to who is asked with it: a lead's
    contact; a contact's leads; an account's people and their leads."""
    of_partner, of_lead = (_facts_of(model, facts) for model in ("res.partner", "crm.lead"))
    if res_model == "crm.lead":
        return SQL(
            """
            (EXISTS (SELECT FROM %(of_lead)s fact WHERE fact.id = target.id AND fact.at > %(until)s)
             OR EXISTS (SELECT FROM %(of_partner)s fact WHERE fact.id = target.partner_id AND fact.at > %(until)s))
            """,
            of_lead=of_lead,
            of_partner=of_partner,
            until=until,
        )
    kin = SQL(
        """
        (SELECT target.id UNION ALL
         SELECT member.id FROM res_partner member
          WHERE target.is_company AND member.commercial_partner_id = target.id AND member.id <> target.id) kin(id)
        """
    )
    return SQL(
        """
        (EXISTS (SELECT FROM %(kin)s JOIN %(of_partner)s fact ON fact.id = kin.id AND fact.at > %(until)s)
         OR EXISTS (SELECT FROM %(kin)s JOIN crm_lead lead ON lead.partner_id = kin.id
                      JOIN %(of_lead)s fact ON fact.id = lead.id AND fact.at > %(until)s))
        """,
        kin=kin,
        of_partner=of_partner,
        of_lead=of_lead,
        until=until,
    )


# a lead that is lost, won or archived is not asleep, it is over
OPEN = {
    "res.partner": SQL("target.active"),
    "crm.lead": SQL("target.active AND target.won_status = 'pending'"),
}


def asleep(res_model, facts, until):
    """Sub-select: ids of the open records to which nothing happened after ``until``."""
    return SQL(
        "SELECT target.id FROM %s target WHERE %s AND NOT %s",
        TARGETS[res_model]["table"],
        OPEN[res_model],
        _awake(res_model, facts, until),
    )


def fell_asleep(cr, res_model, facts, since, until):
    """Ids of the records to which something happened between ``since`` and ``until``, and nothing after.

    So each fact is looked at once, and each dormancy is found once. The cost grows with what happened in the time
    between, not with the number of records: the facts are found by their moment, then by their record.
    """
    of_partner, of_lead = (_facts_of(model, facts) for model in ("res.partner", "crm.lead"))
    between = SQL("fact.at > %s AND fact.at <= %s", since, until)
    if res_model == "crm.lead":
        stirred = SQL(
            """
            SELECT fact.id FROM %(of_lead)s fact WHERE %(between)s
             UNION
            SELECT lead.id FROM %(of_partner)s fact JOIN crm_lead lead ON lead.partner_id = fact.id WHERE %(between)s
            """,
            of_lead=of_lead,
            of_partner=of_partner,
            between=between,
        )
    else:
        stirred = SQL(
            """
            SELECT unnest(ARRAY[partner.id, partner.commercial_partner_id])
              FROM (SELECT fact.id FROM %(of_partner)s fact WHERE %(between)s
                     UNION
                    SELECT lead.partner_id FROM %(of_lead)s fact JOIN crm_lead lead ON lead.id = fact.id
                     WHERE %(between)s) touched
              JOIN res_partner partner ON partner.id = touched.id
            """,
            of_lead=of_lead,
            of_partner=of_partner,
            between=between,
        )
    cr.execute(
        SQL(
            """
            WITH stirred(id) AS MATERIALIZED (%(stirred)s)
            SELECT target.id FROM %(table)s target
             WHERE target.id IN (SELECT id FROM stirred) AND %(open)s AND NOT %(awake)s
             ORDER BY target.id
            """,
            stirred=stirred,
            table=TARGETS[res_model]["table"],
            open=OPEN[res_model],
            awake=_awake(res_model, facts, until),
        )
    )
    return [row[0] for row in cr.fetchall()]
