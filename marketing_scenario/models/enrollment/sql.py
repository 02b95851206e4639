"""Runs that end, are inherited or follow their target.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..person.sql import PERSON
from ..target.sql import TARGETS

LIVE = SQL("('running', 'paused', 'error')")


def _execute_beside_entries(cr, statement):
    """Execute what a unique index refuses when one of these people comes into the scenario at this moment.

    :raise ConcurrencyError: somebody did: only a fresh snapshot shows their run, so the transaction must begin again
    """
    try:
        cr.execute(statement, log_exceptions=False)
    except UniqueViolation as error:
        raise ConcurrencyError(str(error)) from error


def jumps(cr, enrollment_ids, goto_step_ids):
    """``{enrollment id: times it was sent on by one of these go-to steps}`` (S26).

    Leans on ``marketing_scenario_trace__enrollment_id_index``.
    """
    cr.execute(
        SQL(
            """
            SELECT enrollment_id, count(*)
              FROM marketing_scenario_trace
             WHERE step_id = ANY(%s) AND enrollment_id = ANY(%s) AND event = 'goto'
             GROUP BY enrollment_id
            """,
            list(goto_step_ids),
            list(enrollment_ids),
        )
    )
    return dict(cr.fetchall())


def look_again(cr, who, now):
    """Have those of these runs that wait for a condition tested again now.

    A run that waits for a condition has a deadline and executes its step when it wakes.

    :param who: enrollment ids, or a sub-select of them
    :return: how many wait
    """
    among = SQL("IN (%s)", who) if isinstance(who, SQL) else SQL("= ANY(%s)", list(who))
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment
               SET next_run_at = %(now)s
             WHERE id %(among)s
               AND state = 'running' AND wait_until IS NOT NULL AND wake_outcome IS NULL AND next_run_at > %(now)s
            """,
            among=among,
            now=now,
        )
    )
    return cr.rowcount


def these(ids):
    """Sub-select of enrollment ids, for ``stop``."""
    return SQL("SELECT unnest(%s::int[])", list(ids))


def waiting_in(scenario_ids):
    """Sub-select for ``look_again``: the running enrollments of these scenarios. Leans on ``enrollment_due_idx``."""
    return SQL(
        "SELECT id FROM marketing_scenario_enrollment WHERE scenario_id = ANY(%s) AND state = 'running'",
        list(scenario_ids),
    )


def waiting_for(res_model, ids):
    """Sub-select for ``look_again``: the running enrollments of these records; a contact's leads count as well.

    Leans on the indexes of the target columns.
    """
    return SQL(
        """
        SELECT id FROM marketing_scenario_enrollment WHERE %(column)s = ANY(%(ids)s) AND state = 'running'
         UNION
        SELECT run.id
          FROM crm_lead lead JOIN marketing_scenario_enrollment run ON run.lead_id = lead.id AND run.state = 'running'
         WHERE %(of_contact)s AND lead.partner_id = ANY(%(ids)s)
        """,
        column=TARGETS[res_model]["column"],
        ids=list(ids),
        of_contact=res_model == "res.partner",
    )


def already_sent(cr, enrollment_ids, step_id):
    """Which of these runs have done this step before, and were not sent back to it since: by a go-to, or by a new
    version of the scenario whose editor wanted them to get it again.

    Leans on ``marketing_scenario_trace__enrollment_id_index``.

    :return: set of enrollment ids
    """
    cr.execute(
        SQL(
            """
            SELECT DISTINCT done.enrollment_id
              FROM marketing_scenario_trace done
             WHERE done.enrollment_id = ANY(%(ids)s) AND done.step_id = %(step_id)s
               AND done.event IS NULL AND done.outcome IS NOT NULL
               AND NOT EXISTS (
                    SELECT FROM marketing_scenario_trace back
                     WHERE back.enrollment_id = done.enrollment_id AND back.id > done.id
                       AND (back.event = 'goto' OR back.event = 'again' AND back.step_id = done.step_id))
            """,
            ids=list(enrollment_ids),
            step_id=step_id,
        )
    )
    return {row[0] for row in cr.fetchall()}


def stop(cr, enrollment_ids, reason, message, now):
    """End those of these runs that are live, with a trace each, in one statement: the one way to leave early.

    :param enrollment_ids: list of ids, or a sub-select
    :return: ids of the ended enrollments
    """
    who = enrollment_ids if isinstance(enrollment_ids, SQL) else these(enrollment_ids)
    cr.execute(
        SQL(
            """
            WITH stopped AS (
                UPDATE marketing_scenario_enrollment enrollment
                   SET state = 'stopped', end_reason = %(reason)s, ended_at = %(now)s,
                       place_left = jsonb_build_object(
                           'state', state, 'next_run_at', next_run_at, 'wake_outcome', wake_outcome,
                           'wait_until', wait_until, 'wait_reason', wait_reason),
                       next_run_at = NULL,
                       wake_outcome = NULL, wait_until = NULL, wait_reason = NULL
                 WHERE enrollment.id IN (%(who)s) AND enrollment.state IN %(live)s
                RETURNING enrollment.id, enrollment.scenario_id, enrollment.step_id
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, message, at)
            SELECT id, scenario_id, step_id, 'stopped', %(reason)s, %(message)s, %(now)s FROM stopped ORDER BY id
            RETURNING enrollment_id
            """,
            who=who,
            reason=reason,
            message=message,
            now=now,
            live=LIVE,
        )
    )
    return [row[0] for row in cr.fetchall()]


def put_back(cr, enrollment_ids, keep_time, now):
    """Have these stopped runs go on where they stood, with a trace each, in one statement (counterpart of ``stop``).

    Who was on hold or in error is so again. A run that left before its place was noted does its step anew.

    :param keep_time: the time that was left of a wait when they went out is left of it still; else it ran on meanwhile
    :raise ConcurrencyError: the person came into the scenario meanwhile
    """
    _execute_beside_entries(
        cr,
        SQL(
            """
            WITH place AS (
                SELECT id, CASE WHEN %(keep_time)s THEN %(now)s - ended_at ELSE interval '0' END AS away,
                       coalesce(place_left->>'state', 'running') AS state,
                       (place_left->>'next_run_at')::timestamp AS next_run_at,
                       place_left->>'wake_outcome' AS wake_outcome,
                       (place_left->>'wait_until')::timestamp AS wait_until,
                       place_left->>'wait_reason' AS wait_reason
                  FROM marketing_scenario_enrollment
                 WHERE id = ANY(%(ids)s) AND state = 'stopped' FOR NO KEY UPDATE
            ), shifted AS (
                -- who was on hold gets all that time back by being resumed
                SELECT *, CASE WHEN state = 'running' THEN away ELSE interval '0' END AS shift FROM place
            ), returned AS (
                UPDATE marketing_scenario_enrollment run
                   SET state = shifted.state,
                       next_run_at = CASE WHEN shifted.state = 'running'
                                          THEN coalesce(shifted.next_run_at + shift, %(now)s)
                                          ELSE shifted.next_run_at END,
                       wake_outcome = shifted.wake_outcome,
                       wait_until = shifted.wait_until + shift,
                       wait_from = run.wait_from + shift,
                       wait_reason = shifted.wait_reason,
                       ended_at = NULL, end_reason = NULL, place_left = NULL
                  FROM shifted
                 WHERE run.id = shifted.id
                RETURNING run.id, run.scenario_id, run.step_id
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, at)
            SELECT id, scenario_id, step_id, 'put_back', 'by_hand', %(now)s FROM returned ORDER BY id
            """,
            ids=list(enrollment_ids),
            keep_time=keep_time,
            now=now,
        ),
    )


def reschedule(cr, moments, reason, now):
    """Give waiting runs other moments, with a trace each, in one statement.

    :param moments: list of ``(enrollment id, next moment, deadline of its condition or None)``
    """
    ids, next_moments, deadlines = (list(column) for column in zip(*moments, strict=True))
    cr.execute(
        SQL(
            """
            WITH moved AS (
                UPDATE marketing_scenario_enrollment run
                   SET next_run_at = anew.next_run_at, wait_until = coalesce(anew.wait_until, run.wait_until)
                  FROM unnest(%(ids)s, %(next_moments)s::timestamp[], %(deadlines)s::timestamp[])
                       AS anew(id, next_run_at, wait_until)
                 WHERE run.id = anew.id AND run.state IN ('running', 'paused')
                RETURNING run.id, run.scenario_id, run.step_id
            )
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, at)
            SELECT id, scenario_id, step_id, 'rescheduled', %(reason)s, %(now)s FROM moved ORDER BY id
            """,
            ids=ids,
            next_moments=next_moments,
            deadlines=deadlines,
            reason=reason,
            now=now,
        )
    )


def stop_runs(cr, res_model, ids, now, reason, closing=False):
    """End the live runs of these records (S3). Leans on the index of the target column.

    :param closing: only in scenarios that closed leads leave
    :return: ids of the ended enrollments
    """
    who = SQL(
        """
        SELECT run.id
          FROM marketing_scenario_enrollment run JOIN marketing_scenario scenario ON scenario.id = run.scenario_id
         WHERE run.%s = ANY(%s) AND (scenario.leave_on_lead_closed OR NOT %s)
        """,
        TARGETS[res_model]["column"],
        list(ids),
        closing,
    )
    return stop(cr, who, reason, None, now)


def change_company(cr, res_model, ids, now):
    """Runs of records that went to another company follow them; those of another company's scenario end (S3, S48).

    :return: ids of the live enrollments of these records
    """
    target = TARGETS[res_model]
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment enrollment
               SET company_id = coalesce(target.company_id, scenario.company_id)
              FROM %(table)s target, marketing_scenario scenario
             WHERE target.id = ANY(%(ids)s)
               AND enrollment.%(column)s = target.id
               AND enrollment.state IN %(live)s
               AND scenario.id = enrollment.scenario_id
            RETURNING enrollment.id, coalesce(target.company_id <> scenario.company_id, false)
            """,
            table=target["table"],
            column=target["column"],
            ids=list(ids),
            live=LIVE,
        )
    )
    rows = cr.fetchall()
    stop(cr, [enrollment_id for enrollment_id, leaving in rows if leaving], "company_mismatch", None, now)
    return [enrollment_id for enrollment_id, _leaving in rows]


def _surplus(rivals):
    """Sub-select: of the live runs of each party in one scenario, all but the one that goes on.

    :param rivals: sub-select of id, scenario_id, party, step_id, entered_at and further: whether the one further along
        goes on (the number of steps above tells), else the one that entered first
    """
    return SQL(
        """
        SELECT id FROM (
            WITH RECURSIVE rival AS (%s), above(step_id, id) AS (
                SELECT DISTINCT step_id, step_id FROM rival WHERE step_id IS NOT NULL AND further
                 UNION ALL
                SELECT above.step_id, step.parent_id
                  FROM above JOIN marketing_scenario_step step ON step.id = above.id
                 WHERE step.parent_id IS NOT NULL
            ), distance AS (
                SELECT step_id, count(*) AS steps FROM above GROUP BY step_id
            )
            SELECT rival.id,
                   row_number() OVER (PARTITION BY rival.scenario_id, rival.party
                                      ORDER BY distance.steps DESC NULLS LAST, rival.entered_at, rival.id) AS rank
              FROM rival LEFT JOIN distance ON rival.further AND distance.step_id = rival.step_id
        ) ranked WHERE ranked.rank > 1
        """,
        rivals,
    )


def renew_persons(cr, who, now):
    """Write on runs who their target is, as the room "person" says. Where two live runs in one scenario turn out to be
    of one person, one goes on, as the scenario's setting wants, and the other ends.

    Leans on the indexes of the target columns and on ``marketing_scenario_enrollment__person_idx``.

    :param who: ids of enrollments, or a sub-select of them
    :return: whether anything changed
    :raise ConcurrencyError: one of these people came into the scenario meanwhile
    """
    who = who if isinstance(who, SQL) else SQL("SELECT unnest(%s::int[])", list(who))
    known = SQL(" UNION ALL ").join(
        SQL(
            """
            SELECT run.id, %(person)s AS key
              FROM marketing_scenario_enrollment run
              JOIN %(table)s target ON target.id = run.%(column)s %(person_joins)s
             WHERE run.id IN (SELECT id FROM who)
            """,
            **TARGETS[model],
            **PERSON[model],
        )
        for model in TARGETS
    )
    cr.execute(
        SQL(
            """
            WITH who(id) AS MATERIALIZED (%(who)s), known AS (%(known)s)
            SELECT array_agg(run.id), array_agg(known.key)
              FROM marketing_scenario_enrollment run LEFT JOIN known ON known.id = run.id
             WHERE run.id IN (SELECT id FROM who) AND run.person_key IS DISTINCT FROM known.key
            """,
            who=who,
            known=known,
        )
    )
    ids, keys = cr.fetchone()
    if not ids:
        return False
    changed = SQL("SELECT * FROM unnest(%s, %s::varchar[]) AS changed(id, key)", ids, keys)
    rivals = SQL(
        """
        SELECT run.id, run.scenario_id, coalesce(changed.key, run.person_key) AS party, run.step_id, run.entered_at,
               scenario.same_person = 'further' AS further
          FROM marketing_scenario_enrollment run
          JOIN marketing_scenario scenario ON scenario.id = run.scenario_id
          LEFT JOIN (%(changed)s) changed ON changed.id = run.id
         WHERE run.state IN %(live)s
           AND (changed.key IS NOT NULL
                OR run.id <> ALL(%(ids)s) AND run.person_key = ANY(%(keys)s::varchar[]))
           AND (run.id = ANY(%(ids)s) OR run.person_key = ANY(%(keys)s::varchar[]))
        """,
        changed=changed,
        live=LIVE,
        ids=ids,
        keys=keys,
    )
    stop(cr, _surplus(rivals), "same_person", None, now)
    # emptied first: the unique index is checked row by row, and one may get the key that another gives up
    cr.execute(SQL("UPDATE marketing_scenario_enrollment SET person_key = NULL WHERE id = ANY(%s)", ids))
    _execute_beside_entries(
        cr,
        SQL(
            """
            UPDATE marketing_scenario_enrollment run SET person_key = changed.key
              FROM (%s) changed WHERE changed.id = run.id AND changed.key IS NOT NULL
            """,
            changed,
        ),
    )
    return True


def ids(cr, who):
    """The ids that a sub-select gives."""
    cr.execute(SQL("%s", who))
    return [row[0] for row in cr.fetchall()]


def end_of_slice(cr, first, size):
    """The id of the last of ``size`` runs from ``first`` on, or None where there are fewer.

    Leans on the primary key.
    """
    cr.execute(
        SQL(
            "SELECT id FROM marketing_scenario_enrollment WHERE id >= %s ORDER BY id OFFSET %s LIMIT 1", first, size - 1
        )
    )
    row = cr.fetchone()
    return row and row[0]


def live_and_new_runs(since, first, last):
    """Sub-select: of the runs from ``first`` to ``last`` (None: to the end) those that are not over, and those that
    began after ``since``. Leans on the primary key."""
    return SQL(
        """
        SELECT id FROM marketing_scenario_enrollment
         WHERE id >= %s AND (%s OR id <= %s) AND (state IN %s OR entered_at > %s)
        """,
        first,
        last is None,
        last,
        LIVE,
        since,
    )


def runs_of_persons(res_model, ids, numbers):
    """Sub-select: the runs whose person is told by these records: their own, those of people in these accounts, of the
    leads of all these, and of leads without contact that may be known by one of ``numbers``."""
    if res_model == "res.partner":
        partners = SQL(
            "SELECT id FROM res_partner WHERE id = ANY(%(ids)s) OR commercial_partner_id = ANY(%(ids)s)", ids=list(ids)
        )
        leads = SQL("SELECT id FROM crm_lead WHERE partner_id IN (%s)", partners)
        own = SQL("SELECT id FROM marketing_scenario_enrollment WHERE partner_id IN (%s) UNION", partners)
    else:
        leads = SQL("SELECT unnest(%s::int[])", list(ids))
        own = SQL()
    return SQL(
        """
        %s
        SELECT id FROM marketing_scenario_enrollment
         WHERE lead_id IN (%s UNION SELECT id FROM crm_lead WHERE partner_id IS NULL AND phone_sanitized = ANY(%s))
        """,
        own,
        leads,
        list(numbers),
    )


def inherit_runs(cr, res_model, source_ids, now, survivor_id):
    """The survivor of a merge takes over all runs (S3): of two live runs in one scenario the one further along goes
    on and the other ends, and the runs are numbered anew in the order of their entry.

    :return: whether there was anything to take over
    :raise ConcurrencyError: one of them came into a scenario meanwhile
    """
    target = TARGETS[res_model]
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
    rivals = SQL(
        """
        SELECT id, scenario_id, '' AS party, step_id, entered_at, true AS further
          FROM marketing_scenario_enrollment
         WHERE run_number < 0
           AND (%(column)s = ANY(%(sources)s) OR %(column)s = %(survivor)s)
           AND state IN %(live)s
        """,
        **values,
    )
    stop(cr, _surplus(rivals), "target_merged", None, now)
    _execute_beside_entries(
        cr,
        SQL(
            """
            WITH moved AS (
                INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, at)
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
        ),
    )
    return True


def forget_texts(cr, enrollment_ids):
    """Empty what could name a person in these runs and on their path (S37). Leans on the index of ``enrollment_id``."""
    cr.execute(
        SQL(
            "UPDATE marketing_scenario_trace SET message = NULL WHERE message IS NOT NULL AND enrollment_id = ANY(%s)",
            list(enrollment_ids),
        )
    )
    cr.execute(
        SQL(
            "UPDATE marketing_scenario_enrollment SET error_message = NULL, error_stack = NULL, place_left = NULL"
            " WHERE num_nonnulls(error_message, error_stack, place_left) > 0 AND id = ANY(%s)",
            list(enrollment_ids),
        )
    )
