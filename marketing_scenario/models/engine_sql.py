"""Every SQL statement of the addon: named, with its reason and the index it leans on.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

LIVE = SQL("('running', 'paused', 'error')")


# -- claim ------------------------------------------------------------------------------------------------------


def scenarios_with_due(cr, now):
    """Ids of the active scenarios that have a due enrollment.

    One index probe per active scenario (``enrollment_due_idx``): the cost does not grow with waiting, finished or
    inactive rows (S46).
    """
    cr.execute(
        SQL(
            """
            SELECT scenario.id
              FROM marketing_scenario scenario
             WHERE scenario.state = 'active'
               AND (scenario.date_start IS NULL OR scenario.date_start <= %(now)s)
               AND (SELECT enrollment.next_run_at
                      FROM marketing_scenario_enrollment enrollment
                     WHERE enrollment.scenario_id = scenario.id
                       AND enrollment.state = 'running'
                     ORDER BY enrollment.next_run_at
                     LIMIT 1) <= %(now)s
            """,
            now=now,
        )
    )
    return [row[0] for row in cr.fetchall()]


def claim(cr, scenario_ids, now, quota, limit):
    """Lock at most ``quota`` due enrollments of each scenario, oldest first.

    SKIP LOCKED keeps parallel lanes apart; NO KEY UPDATE lets others insert rows that refer to the enrollment.
    Leans on ``enrollment_due_idx``.

    :return: rows ``(id, step_id, wake_outcome, attempts, has_target)``
    """
    cr.execute(
        SQL(
            """
            SELECT due.id, due.step_id, due.wake_outcome, due.attempts, due.has_target
              FROM unnest(%(scenario_ids)s) AS scenario(id)
             CROSS JOIN LATERAL (
                    SELECT enrollment.id, enrollment.step_id, enrollment.wake_outcome, enrollment.attempts,
                           num_nonnulls(enrollment.partner_id, enrollment.lead_id) > 0 AS has_target
                      FROM marketing_scenario_enrollment enrollment
                     WHERE enrollment.scenario_id = scenario.id
                       AND enrollment.state = 'running'
                       AND enrollment.next_run_at <= %(now)s
                     ORDER BY enrollment.next_run_at, enrollment.id
                     LIMIT %(quota)s
                       FOR NO KEY UPDATE SKIP LOCKED) due
             LIMIT %(limit)s
            """,
            scenario_ids=list(scenario_ids),
            now=now,
            quota=quota,
            limit=max(limit, len(scenario_ids)),
        ),
        log_exceptions=False,  # two lanes that meet are no error: one begins again
    )
    return cr.fetchall()


def next_due(cr):
    """Earliest ``next_run_at`` over the active scenarios, or None: when the lanes must wake next."""
    cr.execute(
        """
        SELECT min(greatest(coming.next_run_at, scenario.date_start))
          FROM marketing_scenario scenario
         CROSS JOIN LATERAL (
                SELECT enrollment.next_run_at
                  FROM marketing_scenario_enrollment enrollment
                 WHERE enrollment.scenario_id = scenario.id
                   AND enrollment.state = 'running'
                 ORDER BY enrollment.next_run_at
                 LIMIT 1) coming
         WHERE scenario.state = 'active'
        """
    )
    return cr.fetchone()[0]


# -- flush ------------------------------------------------------------------------------------------------------


def write_moves(cr, moves):
    """One UPDATE for all enrollments of a batch.

    :param moves: ``{resting place: [(enrollment id, next_run_at)]}``, see ``run.Run._rest`` for the place
    """
    if not moves:
        return
    ids, places, moments = [], [], []
    for number, rested in enumerate(moves.values()):
        ids.extend(enrollment_id for enrollment_id, _moment in rested)
        moments.extend(moment for _enrollment_id, moment in rested)
        places.extend([number] * len(rested))
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment enrollment
               SET step_id = place.step_id,
                   state = place.state,
                   next_run_at = moved.next_run_at,
                   wake_outcome = place.wake_outcome,
                   wait_until = place.wait_until,
                   wait_reason = place.wait_reason,
                   attempts = place.attempts,
                   error_message = place.error_message,
                   end_reason = place.end_reason,
                   ended_at = place.ended_at
              FROM unnest(%(ids)s, %(places)s, %(moments)s::timestamp[]) AS moved(id, place, next_run_at)
              JOIN (VALUES %(rows)s) AS place(number, step_id, state, wake_outcome, wait_until, wait_reason,
                                              attempts, error_message, end_reason, ended_at)
                ON place.number = moved.place
             WHERE enrollment.id = moved.id
            """,
            ids=ids,
            places=places,
            moments=moments,
            rows=SQL(", ").join(
                SQL(
                    "(%s, %s::int, %s, %s, %s::timestamp, %s, %s::int, %s, %s, %s::timestamp)",
                    number,
                    *place,
                )
                for number, place in enumerate(moves)
            ),
        )
    )


def write_traces(cr, traces, now):
    """One INSERT for all traces of a batch, in the order they happened.

    :param traces: ``[((step_id, outcome, reason, message), [(enrollment id, mailing trace id)])]``
    """
    if not traces:
        return
    ids, entries, mailing_traces = [], [], []
    for number, (_entry, rows) in enumerate(traces):
        ids.extend(enrollment_id for enrollment_id, _trace in rows)
        mailing_traces.extend(trace for _enrollment_id, trace in rows)
        entries.extend([number] * len(rows))
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_scenario_trace
                   (enrollment_id, mailing_trace_id, step_id, scenario_id, outcome, reason, message, at)
            SELECT passed.enrollment_id, passed.mailing_trace_id, entry.step_id,
                   coalesce(step.scenario_id,
                            (SELECT scenario_id FROM marketing_scenario_enrollment WHERE id = passed.enrollment_id)),
                   entry.outcome, entry.reason, entry.message, %(now)s
              FROM unnest(%(ids)s, %(entries)s, %(mailing_traces)s::int[])
                   WITH ORDINALITY AS passed(enrollment_id, entry, mailing_trace_id, position)
              JOIN (VALUES %(rows)s) AS entry(number, step_id, outcome, reason, message)
                ON entry.number = passed.entry
              LEFT JOIN marketing_scenario_step step ON step.id = entry.step_id
             ORDER BY passed.position
            """,
            ids=ids,
            entries=entries,
            mailing_traces=mailing_traces,
            now=now,
            rows=SQL(", ").join(
                SQL("(%s, %s::int, %s, %s, %s)", number, *entry) for number, (entry, _rows) in enumerate(traces)
            ),
        )
    )


# -- entry ------------------------------------------------------------------------------------------------------

# What differs between the two target tables; nothing else of them is known here.
_TARGETS = {
    "res.partner": {
        "table": SQL.identifier("res_partner"),
        "column": SQL.identifier("partner_id"),
        "kind": SQL("CASE WHEN target.is_company THEN 'account' ELSE 'contact' END"),
    },
    "crm.lead": {
        "table": SQL.identifier("crm_lead"),
        "column": SQL.identifier("lead_id"),
        "kind": SQL("'lead'"),
    },
}


def _entry_context(res_model, entry):
    """The named parts shared by ``enroll`` and ``entry_refusals``: who asks to enter, and their earlier runs."""
    target = _TARGETS[res_model]
    return SQL(
        """
        asking AS (
            SELECT target.id, target.active, %(kind)s AS kind, target.company_id
              FROM %(table)s target
             WHERE target.id = ANY(%(ids)s)
        ), previous AS (
            SELECT enrollment.%(column)s AS id, max(enrollment.run_number) AS run_number,
                   max(enrollment.entered_at) AS entered_at, bool_or(enrollment.state IN %(live)s) AS inside
              FROM marketing_scenario_enrollment enrollment
             WHERE enrollment.scenario_id = %(scenario_id)s AND enrollment.%(column)s = ANY(%(ids)s)
             GROUP BY 1
        ), refused AS (
            SELECT asking.id,
                   CASE WHEN NOT asking.active THEN 'target_archived'
                        WHEN NOT asking.kind = ANY(%(kinds)s) THEN 'kind_not_allowed'
                        WHEN asking.company_id <> %(company_id)s THEN 'company_mismatch'
                        WHEN previous.inside THEN 'already_inside'
                        WHEN previous.id IS NOT NULL AND %(reentry)s = 'never' THEN 'reentry_never'
                        WHEN %(reentry)s = 'after_days' AND previous.entered_at > %(entered_before)s
                             THEN 'reentry_too_early'
                        WHEN %(exclusive)s AND EXISTS (
                             SELECT FROM marketing_scenario_enrollment other
                              WHERE other.%(column)s = asking.id AND other.state IN %(live)s
                                AND other.scenario_id <> %(scenario_id)s) THEN 'other_scenario'
                   END AS reason
              FROM asking LEFT JOIN previous ON previous.id = asking.id
        )""",
        **target,
        **{key: entry[key] for key in ("scenario_id", "kinds", "company_id", "reentry", "entered_before", "exclusive")},
        ids=entry["ids"],
        live=LIVE,
    )


def enroll(cr, res_model, entry):
    """Insert the enrollments that may enter and their first trace, in one statement (S10, S12).

    The unique indexes of the enrollment table decide between concurrent entries of one target.

    :param entry: scenario_id, step_id, ids, kinds, company_id, reentry, entered_before, exclusive, now, start_at,
        door, user_id, message
    :return: rows ``(enrollment id, target id)``
    """
    target = _TARGETS[res_model]
    cr.execute(
        SQL(
            """
            WITH %(context)s, entered AS (
                INSERT INTO marketing_scenario_enrollment
                       (scenario_id, step_id, %(column)s, target_kind, company_id, state, next_run_at, run_number,
                        attempts, door, entered_at, entered_by_id, create_uid, create_date, write_uid, write_date)
                SELECT %(scenario_id)s, %(step_id)s, asking.id, asking.kind,
                       coalesce(asking.company_id, %(company_id)s), 'running', %(start_at)s,
                       coalesce(previous.run_number, 0) + 1, 0, %(door)s, %(now)s, %(user_id)s,
                       %(user_id)s, %(now)s, %(user_id)s, %(now)s
                  FROM asking
                  JOIN refused ON refused.id = asking.id AND refused.reason IS NULL
                  LEFT JOIN previous ON previous.id = asking.id
                 ORDER BY asking.id
                    ON CONFLICT DO NOTHING
                RETURNING id, %(column)s AS target_id
            ), traced AS (
                INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, message, at)
                SELECT entered.id, %(scenario_id)s, %(step_id)s, 'entered', %(message)s, %(now)s FROM entered
            )
            SELECT id, target_id FROM entered ORDER BY id
            """,
            context=_entry_context(res_model, entry),
            column=target["column"],
            **{
                key: entry[key]
                for key in ("scenario_id", "step_id", "company_id", "start_at", "door", "now", "user_id", "message")
            },
        )
    )
    return cr.fetchall()


def entry_refusals(cr, res_model, entry):
    """``{target id: reason}`` of those who may not enter; same rules and parameters as ``enroll``."""
    cr.execute(
        SQL(
            "WITH %s SELECT id, reason FROM refused WHERE reason IS NOT NULL",
            _entry_context(res_model, entry),
        )
    )
    return dict(cr.fetchall())


def trace_skipped(cr, enrollment_ids, scenario_id, step_ids, reason, now):
    """Trace rows for steps that are not played at all (S23: entered after the date)."""
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, reason, at)
            SELECT enrollment.id, %s, step.id, 'skipped', %s, %s
              FROM unnest(%s) AS enrollment(id) CROSS JOIN unnest(%s) WITH ORDINALITY AS step(id, position)
             ORDER BY enrollment.id, step.position
            """,
            scenario_id,
            reason,
            now,
            list(enrollment_ids),
            list(step_ids),
        )
    )


# -- steps ------------------------------------------------------------------------------------------------------


def lock_step(cr, step_id):
    """Wait for whoever is writing this step; if they changed it, the caller's transaction begins again."""
    cr.execute(
        SQL("SELECT FROM marketing_scenario_step WHERE id = %s FOR NO KEY UPDATE", step_id), log_exceptions=False
    )


def visits(cr, enrollment_ids, step_id):
    """``{enrollment id: times it passed the step}``; leans on ``trace_enrollment_step_idx`` (S26)."""
    cr.execute(
        SQL(
            """
            SELECT enrollment_id, count(*)
              FROM marketing_scenario_trace
             WHERE step_id = %s AND enrollment_id = ANY(%s)
             GROUP BY enrollment_id
            """,
            step_id,
            list(enrollment_ids),
        )
    )
    return dict(cr.fetchall())


def link_many2many(cr, field, record_ids, linked_id):
    """Link records to one record of a many2many field, as the ORM would, in one statement.

    :return: ids of the records that were not linked before
    """
    cr.execute(
        SQL(
            """
            INSERT INTO %(relation)s (%(column1)s, %(column2)s)
            SELECT record.id, %(linked_id)s FROM unnest(%(ids)s) AS record(id)
                ON CONFLICT DO NOTHING
            RETURNING %(column1)s
            """,
            relation=SQL.identifier(field.relation),
            column1=SQL.identifier(field.column1),
            column2=SQL.identifier(field.column2),
            linked_id=linked_id,
            ids=list(record_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def unlink_many2many(cr, field, record_ids, linked_id):
    """Counterpart of ``link_many2many``; returns the ids of the records that were linked before."""
    cr.execute(
        SQL(
            "DELETE FROM %s WHERE %s = %s AND %s = ANY(%s) RETURNING %s",
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            linked_id,
            SQL.identifier(field.column1),
            list(record_ids),
            SQL.identifier(field.column1),
        )
    )
    return [row[0] for row in cr.fetchall()]


def change_score(cr, res_model, ids, points, reason, source, now, user_id):
    """Add ``points`` to the score of ``ids`` (None: set it to 0) and write one history row each.

    :return: ``{id: new score}``
    """
    target = _TARGETS[res_model]
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


# -- operations -------------------------------------------------------------------------------------------------


def delete_finished(cr, ended_before, limit):
    """Delete at most ``limit`` runs that ended before a moment, with their traces; returns how many.

    Leans on ``enrollment_ended_idx``; traces go first because their cascade would run row by row.
    """
    cr.execute(
        SQL(
            """
            WITH doomed AS MATERIALIZED (
                SELECT id FROM marketing_scenario_enrollment
                 WHERE ended_at < %s ORDER BY ended_at LIMIT %s FOR UPDATE SKIP LOCKED
            ), traces AS (
                DELETE FROM marketing_scenario_trace WHERE enrollment_id IN (SELECT id FROM doomed)
            )
            SELECT id FROM doomed
            """,
            ended_before,
            limit,
        )
    )
    ids = [row[0] for row in cr.fetchall()]
    if ids:
        cr.execute(SQL("DELETE FROM marketing_scenario_enrollment WHERE id = ANY(%s)", ids))
    return len(ids)


def health(cr, now):
    """Figures of the engine: ``(due now, oldest due, moved in the last hour, next due)``.

    Due rows are counted up to 100,000: beyond that the number tells nothing more.
    """
    cr.execute(
        SQL(
            """
            SELECT count(*), min(due.next_run_at)
              FROM (SELECT enrollment.next_run_at
                      FROM marketing_scenario scenario
                      JOIN marketing_scenario_enrollment enrollment ON enrollment.scenario_id = scenario.id
                     WHERE scenario.state = 'active' AND enrollment.state = 'running'
                       AND greatest(enrollment.next_run_at, scenario.date_start) <= %(now)s
                     LIMIT 100000) due
            """,
            now=now,
        )
    )
    due_count, oldest = cr.fetchone()
    cr.execute(
        SQL(
            """
            SELECT count(*) FROM marketing_scenario_trace trace
              JOIN marketing_scenario scenario ON scenario.id = trace.scenario_id
             WHERE trace.at >= %s::timestamp - interval '1 hour'
            """,
            now,
        )
    )
    return due_count, oldest, cr.fetchone()[0], next_due(cr)


# -- dynamic queries --------------------------------------------------------------------------------------------


def query_changes(cr, query_id, matching):
    """Bring the memory of a dynamic query up to date with ``matching`` (an SQL sub-select of ids).

    :return: ``(ids that started to match, ids that stopped)``
    """
    cr.execute(
        SQL(
            """
            WITH matching AS MATERIALIZED (%(matching)s),
            stopped AS (
                DELETE FROM marketing_scenario_query_match known
                 WHERE known.query_id = %(query_id)s
                   AND NOT EXISTS (SELECT FROM matching WHERE matching.id = known.res_id)
                RETURNING known.res_id
            ), started AS (
                INSERT INTO marketing_scenario_query_match (query_id, res_id)
                SELECT %(query_id)s, matching.id FROM matching
                    ON CONFLICT DO NOTHING
                RETURNING res_id
            )
            SELECT array(SELECT res_id FROM started ORDER BY 1), array(SELECT res_id FROM stopped ORDER BY 1)
            """,
            matching=matching,
            query_id=query_id,
        )
    )
    return cr.fetchone()


def query_match_counts(cr, query_ids):
    """``{query id: number of records it remembers}``."""
    cr.execute(
        SQL(
            "SELECT query_id, count(*) FROM marketing_scenario_query_match WHERE query_id = ANY(%s) GROUP BY query_id",
            list(query_ids),
        )
    )
    return dict(cr.fetchall())


def forget_matches(cr, query_ids):
    """Empty the memory of dynamic queries."""
    cr.execute(SQL("DELETE FROM marketing_scenario_query_match WHERE query_id = ANY(%s)", list(query_ids)))


# -- events -----------------------------------------------------------------------------------------------------


def note_events(cr, notes, chain, automatism_id, now, cron_id):
    """Insert the event rows and wake their cron, in one statement: all an event costs to the one who causes it (S14).

    The trigger row is what ``ir.cron._trigger`` writes. One per transaction: rows of this transaction are known by
    its timestamp, so a savepoint that is rolled back takes its trigger along, and the next event writes it again.

    :param notes: list of ``(kind, res_model, res_id, payload as JSON text)``
    :param chain: ids of the automatisms that led to these events, as JSON text
    :param automatism_id: the only automatism concerned, or None for all
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


# -- continuity -------------------------------------------------------------------------------------------------


def stop_runs(cr, res_model, ids, reason, now, closing=False):
    """End the live runs of these records, with a trace each, in one statement (S3).

    Leans on the index of the target column.

    :param closing: only in scenarios that closed leads leave
    :return: ids of the ended enrollments
    """
    cr.execute(
        SQL(
            """
            WITH stopped AS (
                UPDATE marketing_scenario_enrollment enrollment
                   SET state = 'stopped', end_reason = %(reason)s, ended_at = %(now)s, next_run_at = NULL,
                       wake_outcome = NULL, wait_until = NULL, wait_reason = NULL
                  FROM marketing_scenario scenario
                 WHERE scenario.id = enrollment.scenario_id
                   AND enrollment.%(column)s = ANY(%(ids)s)
                   AND enrollment.state IN %(live)s
                   AND (scenario.leave_on_lead_closed OR NOT %(closing)s)
                RETURNING enrollment.id, enrollment.scenario_id, enrollment.step_id
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, reason, at)
            SELECT id, scenario_id, step_id, 'stopped', %(reason)s, %(now)s FROM stopped
            RETURNING enrollment_id
            """,
            column=_TARGETS[res_model]["column"],
            ids=list(ids),
            reason=reason,
            now=now,
            live=LIVE,
            closing=closing,
        )
    )
    return [row[0] for row in cr.fetchall()]


def change_company(cr, res_model, ids, now):
    """Runs of records that went to another company follow them; those of another company's scenario end (S3, S48).

    :return: ids of the live enrollments of these records
    """
    target = _TARGETS[res_model]
    cr.execute(
        SQL(
            """
            WITH changed AS (
                UPDATE marketing_scenario_enrollment enrollment
                   SET company_id = coalesce(target.company_id, scenario.company_id),
                       state = CASE WHEN leaving.yes THEN 'stopped' ELSE enrollment.state END,
                       end_reason = CASE WHEN leaving.yes THEN 'company_mismatch' ELSE enrollment.end_reason END,
                       ended_at = CASE WHEN leaving.yes THEN %(now)s ELSE enrollment.ended_at END,
                       next_run_at = CASE WHEN leaving.yes THEN NULL ELSE enrollment.next_run_at END,
                       wake_outcome = CASE WHEN leaving.yes THEN NULL ELSE enrollment.wake_outcome END,
                       wait_until = CASE WHEN leaving.yes THEN NULL ELSE enrollment.wait_until END,
                       wait_reason = CASE WHEN leaving.yes THEN NULL ELSE enrollment.wait_reason END
                  FROM %(table)s target, marketing_scenario scenario,
                       LATERAL (SELECT coalesce(target.company_id <> scenario.company_id, false) AS yes) leaving
                 WHERE target.id = ANY(%(ids)s)
                   AND enrollment.%(column)s = target.id
                   AND enrollment.state IN %(live)s
                   AND scenario.id = enrollment.scenario_id
                RETURNING enrollment.id, enrollment.scenario_id, enrollment.step_id, leaving.yes AS leaving
            ), traced AS (
                INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, reason, at)
                SELECT id, scenario_id, step_id, 'stopped', 'company_mismatch', %(now)s FROM changed WHERE leaving
            )
            SELECT id FROM changed
            """,
            table=target["table"],
            column=target["column"],
            ids=list(ids),
            now=now,
            live=LIVE,
        )
    )
    return [row[0] for row in cr.fetchall()]


def inherit_runs(cr, res_model, source_ids, survivor_id, now):
    """The survivor of a merge takes over all runs (S3): of two live runs in one scenario the one further along goes
    on and the other ends, and the runs are numbered anew in the order of their entry.

    :return: whether there was anything to take over
    """
    target = _TARGETS[res_model]
    values = {**target, "sources": list(source_ids), "survivor": survivor_id, "live": LIVE, "now": now}
    # Negative numbers make room: the unique index (target, scenario, run number) is checked row by row.
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment SET run_number = -id
             WHERE %(column)s = ANY(%(sources)s)
                OR %(column)s = %(survivor)s AND scenario_id IN (
                    SELECT scenario_id FROM marketing_scenario_enrollment WHERE %(column)s = ANY(%(sources)s))
            """,
            **values,
        )
    )
    if not cr.rowcount:
        return False
    cr.execute(
        SQL(
            """
            WITH RECURSIVE live AS (
                SELECT id, scenario_id, step_id, entered_at
                  FROM marketing_scenario_enrollment
                 WHERE run_number < 0
                   AND (%(column)s = ANY(%(sources)s) OR %(column)s = %(survivor)s)
                   AND state IN %(live)s
            ), above(step_id, id) AS (
                SELECT DISTINCT step_id, step_id FROM live WHERE step_id IS NOT NULL
                 UNION ALL
                SELECT above.step_id, step.parent_id
                  FROM above JOIN marketing_scenario_step step ON step.id = above.id
                 WHERE step.parent_id IS NOT NULL
            ), distance AS (
                SELECT step_id, count(*) AS steps FROM above GROUP BY step_id
            ), ranked AS (
                SELECT live.id,
                       row_number() OVER (PARTITION BY live.scenario_id
                                          ORDER BY distance.steps DESC NULLS LAST, live.entered_at, live.id) AS rank
                  FROM live LEFT JOIN distance ON distance.step_id = live.step_id
            ), stopped AS (
                UPDATE marketing_scenario_enrollment enrollment
                   SET state = 'stopped', end_reason = 'target_merged', ended_at = %(now)s, next_run_at = NULL,
                       wake_outcome = NULL, wait_until = NULL, wait_reason = NULL
                  FROM ranked WHERE ranked.id = enrollment.id AND ranked.rank > 1
                RETURNING enrollment.id, enrollment.scenario_id, enrollment.step_id
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, reason, at)
            SELECT id, scenario_id, step_id, 'stopped', 'target_merged', %(now)s FROM stopped
            """,
            **values,
        )
    )
    cr.execute(
        SQL(
            """
            WITH moved AS (
                INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, outcome, reason, at)
                SELECT id, scenario_id, step_id, 'inherited', 'target_merged', %(now)s
                  FROM marketing_scenario_enrollment
                 WHERE %(column)s = ANY(%(sources)s) AND state IN %(live)s
            ), numbered AS (
                SELECT enrollment.id,
                       row_number() OVER (PARTITION BY enrollment.scenario_id
                                          ORDER BY enrollment.entered_at, enrollment.id) AS number
                  FROM marketing_scenario_enrollment enrollment
                 WHERE enrollment.run_number < 0
                   AND (enrollment.%(column)s = ANY(%(sources)s) OR enrollment.%(column)s = %(survivor)s)
            )
            UPDATE marketing_scenario_enrollment enrollment
               SET %(column)s = target.id, run_number = numbered.number, target_kind = %(kind)s
              FROM numbered, %(table)s target
             WHERE numbered.id = enrollment.id AND target.id = %(survivor)s
            """,
            **values,
        )
    )
    return True


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


# -- webhook ----------------------------------------------------------------------------------------------------


def count_call(cr, token_id, now, seconds):
    """Count a call of a webhook address; returns how many there were in this period."""
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_token
               SET period_calls = CASE WHEN period_start > %(now)s - make_interval(secs => %(seconds)s)
                                       THEN period_calls + 1 ELSE 1 END,
                   period_start = CASE WHEN period_start > %(now)s - make_interval(secs => %(seconds)s)
                                       THEN period_start ELSE %(now)s END,
                   last_used_at = %(now)s
             WHERE id = %(token_id)s
            RETURNING period_calls
            """,
            token_id=token_id,
            now=now,
            seconds=seconds,
        )
    )
    return cr.fetchone()[0]


# -- engagement points ------------------------------------------------------------------------------------------


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


# -- erasure ----------------------------------------------------------------------------------------------------


def forget_texts(cr, enrollment_ids):
    """Empty whatever could name a person in the history of these enrollments (S37)."""
    for statement in (
        "UPDATE marketing_scenario_trace SET message = NULL WHERE message IS NOT NULL AND enrollment_id = ANY(%s)",
        "UPDATE marketing_scenario_enrollment SET error_message = NULL WHERE id = ANY(%s)",
        "UPDATE marketing_webhook_call SET body = NULL, response_text = NULL WHERE enrollment_id = ANY(%s)",
        "UPDATE mailing_trace SET email = NULL, sms_number = NULL, failure_reason = NULL "
        "WHERE marketing_enrollment_id = ANY(%s)",
    ):
        cr.execute(SQL(statement, list(enrollment_ids)))
