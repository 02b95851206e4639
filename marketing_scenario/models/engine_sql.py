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
        )
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
    """One INSERT for all traces of a batch.

    :param traces: ``{(step_id, outcome, reason, message): [(enrollment id, mailing trace id)]}``
    """
    if not traces:
        return
    ids, entries, mailing_traces = [], [], []
    for number, rows in enumerate(traces.values()):
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
                   AS passed(enrollment_id, entry, mailing_trace_id)
              JOIN (VALUES %(rows)s) AS entry(number, step_id, outcome, reason, message)
                ON entry.number = passed.entry
              LEFT JOIN marketing_scenario_step step ON step.id = entry.step_id
            """,
            ids=ids,
            entries=entries,
            mailing_traces=mailing_traces,
            now=now,
            rows=SQL(", ").join(
                SQL("(%s, %s::int, %s, %s, %s)", number, *entry) for number, entry in enumerate(traces)
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


def last_mailing_traces(cr, enrollment_ids):
    """``{enrollment id: (step id, mailing trace id)}`` of the last message really sent in each run (S24).

    Leans on ``trace_mailing_idx`` (only traces that carry a message).
    """
    cr.execute(
        SQL(
            """
            SELECT DISTINCT ON (enrollment_id) enrollment_id, step_id, mailing_trace_id
              FROM marketing_scenario_trace
             WHERE enrollment_id = ANY(%s) AND mailing_trace_id IS NOT NULL
             ORDER BY enrollment_id, id DESC
            """,
            list(enrollment_ids),
        )
    )
    return {enrollment_id: (step_id, trace_id) for enrollment_id, step_id, trace_id in cr.fetchall()}


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
