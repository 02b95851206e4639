"""Claiming what is due, writing where it came to rest, cleaning up, figures.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..dry import home_of

MOVED = (  # columns that a move writes; who an enrollment is stays the same
    "step_id",
    "state",
    "next_run_at",
    "wake_outcome",
    "wait_until",
    "wait_reason",
    "wait_from",
    "attempts",
    "error_message",
    "error_stack",
    "end_reason",
    "ended_at",
    "is_late",
)
MOST_COUNTED = 100_000  # due rows on the health page


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
    """Lock at most ``quota`` due enrollments of each scenario, oldest first, until ``limit`` are found.

    The scenarios are asked one after the other, in the given order; those behind the limit are not asked at all.
    SKIP LOCKED keeps parallel lanes apart; NO KEY UPDATE lets others insert rows that refer to the enrollment.
    Leans on ``enrollment_due_idx``.

    :return: rows ``(id, step_id, wake_outcome, attempts, wait_until, is_late, has_target)``, and the last scenario
    """
    cr.execute(
        SQL(
            """
            SELECT due.id, due.step_id, due.wake_outcome, due.attempts, due.wait_until, due.is_late, due.has_target,
                   scenario.id
              FROM unnest(%(scenario_ids)s) AS scenario(id)
             CROSS JOIN LATERAL (
                    SELECT enrollment.id, enrollment.step_id, enrollment.wake_outcome, enrollment.attempts,
                           enrollment.wait_until, enrollment.is_late,
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
            limit=limit,
        ),
        log_exceptions=False,  # two lanes that meet are no error: one begins again
    )
    rows = cr.fetchall()
    return [row[:-1] for row in rows], rows[-1][-1] if rows else None


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


def write_moves(cr, moves, now):
    """One UPDATE for all enrollments of a batch; what a step has deleted meanwhile is not referred to.

    :param moves: ``{resting place: [(enrollment id, next_run_at)]}``, see ``batch.Batch._rest`` for the place
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
               SET step_id = step.id,
                   state = place.state,
                   next_run_at = moved.next_run_at,
                   wake_outcome = place.wake_outcome,
                   wait_until = place.wait_until,
                   wait_reason = place.wait_reason,
                   attempts = place.attempts,
                   error_message = place.error_message,
                   end_reason = place.end_reason,
                   ended_at = place.ended_at,
                   is_late = place.is_late,
                   error_stack = place.error_stack,
                   wait_from = coalesce(place.arrived_at, enrollment.wait_from, %(now)s)
              FROM unnest(%(ids)s, %(places)s, %(moments)s::timestamp[]) AS moved(id, place, next_run_at)
              JOIN (VALUES %(rows)s) AS place(number, step_id, state, wake_outcome, wait_until, wait_reason,
                                              attempts, error_message, end_reason, ended_at, is_late, error_stack,
                                              arrived_at)
                ON place.number = moved.place
              LEFT JOIN marketing_scenario_step step ON step.id = place.step_id
             WHERE enrollment.id = moved.id
            """,
            ids=ids,
            places=places,
            moments=moments,
            now=now,
            rows=SQL(", ").join(
                SQL(
                    "(%s, %s::int, %s, %s, %s::timestamp, %s, %s::int, %s, %s, %s::timestamp, %s, %s, %s::timestamp)",
                    number,
                    *place,
                )
                for number, place in enumerate(moves)
            ),
        )
    )


def told(cr, enrollment_ids, step_id, reason):
    """Which of these runs have nothing newer on their path than being skipped on this step for this reason.

    Leans on ``marketing_scenario_trace__enrollment_id_index``.

    :return: set of enrollment ids
    """
    cr.execute(
        SQL(
            """
            SELECT enrollment_id
              FROM (SELECT DISTINCT ON (enrollment_id) enrollment_id, step_id, event, reason
                      FROM marketing_scenario_trace
                     WHERE enrollment_id = ANY(%s)
                     ORDER BY enrollment_id, id DESC) latest
             WHERE step_id = %s AND event = 'skipped' AND reason = %s
            """,
            list(enrollment_ids),
            step_id,
            reason,
        )
    )
    return {row[0] for row in cr.fetchall()}


def write_traces(cr, traces, now):
    """One INSERT for all traces of a batch, in the order they happened. A step may have deleted runs, steps or messages
    meanwhile: of those runs nothing is noted, and a foreign key would fail the whole batch, again and again.

    :param traces: ``[((step_id, event, outcome, reason, message), [(enrollment id, mailing trace id)])]``
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
            INSERT INTO %(table)s
                   (enrollment_id, mailing_trace_id, step_id, scenario_id, event, outcome, reason, message, at)
            SELECT run.id, message.id, step.id, coalesce(step.scenario_id, run.scenario_id), entry.event, entry.outcome,
                   entry.reason, entry.message, %(now)s
              FROM unnest(%(ids)s, %(entries)s, %(mailing_traces)s::int[])
                   WITH ORDINALITY AS passed(enrollment_id, entry, mailing_trace_id, position)
              JOIN (VALUES %(rows)s) AS entry(number, step_id, event, outcome, reason, message)
                ON entry.number = passed.entry
              JOIN marketing_scenario_enrollment run ON run.id = passed.enrollment_id
              LEFT JOIN marketing_scenario_step step ON step.id = entry.step_id
              LEFT JOIN mailing_trace message ON message.id = passed.mailing_trace_id
             ORDER BY passed.position
            """,
            table=home_of(cr, "marketing_scenario_trace"),
            ids=ids,
            entries=entries,
            mailing_traces=mailing_traces,
            now=now,
            rows=SQL(", ").join(
                SQL("(%s, %s::int, %s, %s, %s, %s)", number, *entry) for number, (entry, _rows) in enumerate(traces)
            ),
        )
    )


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


def due(cr, now):
    """How many are due, and since when the oldest: the rows that the engine would claim, found as it finds them.

    Leans on ``enrollment_due_idx``, scenario by scenario: who waits for later is never touched. Due rows are counted up
    to ``MOST_COUNTED``: beyond that the number tells nothing more.

    :return: ``(count, moment or None)``
    """
    cr.execute(
        SQL(
            """
            WITH open AS MATERIALIZED (
                SELECT id, date_start FROM marketing_scenario
                 WHERE state = 'active' AND (date_start IS NULL OR date_start <= %(now)s)
            )
            SELECT (SELECT count(*)
                      FROM (SELECT FROM open CROSS JOIN LATERAL (
                                   SELECT FROM marketing_scenario_enrollment enrollment
                                    WHERE enrollment.scenario_id = open.id AND enrollment.state = 'running'
                                      AND enrollment.next_run_at <= %(now)s
                                    ORDER BY enrollment.next_run_at
                                    LIMIT %(most)s) due
                             LIMIT %(most)s) counted),
                   (SELECT min(greatest(due.next_run_at, open.date_start))
                      FROM open CROSS JOIN LATERAL (
                           SELECT enrollment.next_run_at
                             FROM marketing_scenario_enrollment enrollment
                            WHERE enrollment.scenario_id = open.id AND enrollment.state = 'running'
                              AND enrollment.next_run_at <= %(now)s
                            ORDER BY enrollment.next_run_at
                            LIMIT 1) due)
            """,
            now=now,
            most=MOST_COUNTED,
        )
    )
    return cr.fetchone()


def traces_since(cr, moment):
    """How much happened on all paths since ``moment``. Leans on ``marketing_scenario_trace_scenario_idx``."""
    cr.execute(
        SQL(
            """
            SELECT coalesce(sum(lately.count), 0)::int
              FROM marketing_scenario scenario
             CROSS JOIN LATERAL (
                   SELECT count(*) FROM marketing_scenario_trace trace
                    WHERE trace.scenario_id = scenario.id AND trace.at >= %s) lately
            """,
            moment,
        )
    )
    return cr.fetchone()[0]


def is_planned(cr, cron_id, now, moment):
    """Whether a scheduled action will be woken after ``now`` and not after ``moment``."""
    cr.execute(
        SQL(
            "SELECT EXISTS (SELECT FROM ir_cron_trigger WHERE cron_id = %s AND call_at > %s AND call_at <= %s)",
            cron_id,
            now,
            moment,
        )
    )
    return cr.fetchone()[0]


def wait_for_locks(cr, at_most):
    """From here on, this transaction waits so long for a row that somebody else holds (``1s``, ``20ms``)."""
    cr.execute(SQL("SET LOCAL lock_timeout = %s", at_most))


def trigger_row(cron_id):
    """The statement that has a scheduled action run once this transaction is committed: the row that
    ``ir.cron._trigger`` writes. One per transaction, and rows of a transaction are known by its timestamp: a savepoint
    that is rolled back takes its row along, and the next one writes it again."""
    return SQL(
        """
        INSERT INTO ir_cron_trigger (cron_id, call_at, create_date)
        SELECT cron.id, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM ir_cron cron
         WHERE cron.id = %(cron_id)s AND cron.active
           AND NOT EXISTS (
                SELECT FROM ir_cron_trigger trigger
                 WHERE trigger.cron_id = cron.id AND trigger.create_date = now() AT TIME ZONE 'UTC')
        """,
        cron_id=cron_id,
    )


def trigger(cr, cron_id):
    """Have a scheduled action run once this transaction is committed."""
    cr.execute(trigger_row(cron_id))
