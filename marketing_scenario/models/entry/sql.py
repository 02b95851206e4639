"""Who may enter, the entry itself, and the memory of dynamic queries.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

from ..dry import home_of
from ..enrollment.sql import LIVE
from ..person.sql import PERSON
from ..target.sql import TARGETS


def _asking(request):
    """The named parts shared by all that decides on an entry: who asks, which persons they are (S51), what these have
    done in the scenario, and why they may not enter.

    Leans on ``marketing_scenario_enrollment__person_idx`` and what the room "person" leans on.
    """
    return SQL(
        """
        asking AS MATERIALIZED (
            SELECT target.id, %(gone)s AS gone, %(kind)s AS kind, target.company_id, (%(person)s)::varchar AS person_key
              FROM %(table)s target %(person_joins)s
             WHERE target.id = ANY(%(ids)s)
        ), previous AS (
            SELECT run.person_key, max(run.run_number) AS run_number,
                   count(*) FILTER (WHERE run.state <> 'control' AND run.id <> ALL(%(leaving)s::int[])) AS runs,
                   max(run.entered_at) FILTER (
                       WHERE run.state <> 'control' AND run.id <> ALL(%(leaving)s::int[])) AS entered_at,
                   bool_or(run.state <> 'control') AS walked, bool_or(run.state = 'control') AS held_before,
                   max(run.id) FILTER (WHERE run.state IN %(live)s AND run.id <> ALL(%(leaving)s::int[])) AS holder_id
              FROM marketing_scenario_enrollment run
             WHERE run.scenario_id = %(scenario_id)s AND run.person_key IN (SELECT person_key FROM asking)
             GROUP BY 1
        ), elsewhere AS (
            SELECT run.person_key, max(run.id) AS holder_id
              FROM marketing_scenario_enrollment run
             WHERE %(exclusive)s AND run.person_key IN (SELECT person_key FROM asking) AND run.state IN %(live)s
               AND run.scenario_id <> %(scenario_id)s AND run.id <> ALL(%(leaving)s::int[])
             GROUP BY 1
        ), drawn AS (
            -- who was held out stays so, who has walked never is; else the same lot whenever the person comes
            SELECT asking.id,
                   %(control_percent)s > 0 AND (
                       coalesce(previous.held_before, false) OR NOT coalesce(previous.walked, false)
                       AND %(lot)s < %(control_percent)s * 100) AS held
              FROM asking LEFT JOIN previous ON previous.person_key = asking.person_key
        ), rejected AS (
            SELECT asking.id, drawn.held, coalesce(previous.holder_id, elsewhere.holder_id) AS holder_id,
                   CASE WHEN asking.gone THEN 'target_archived'
                        WHEN NOT asking.kind = ANY(%(kinds)s) THEN 'kind_not_allowed'
                        WHEN asking.company_id <> %(company_id)s THEN 'company_mismatch'
                        WHEN previous.holder_id IS NOT NULL THEN 'already_inside'
                        WHEN previous.runs > 0 AND %(reentry)s = 'never' THEN 'reentry_never'
                        WHEN %(reentry)s = 'after_days' AND previous.entered_at > %(entered_before)s
                             THEN 'reentry_too_early'
                        WHEN elsewhere.holder_id IS NOT NULL THEN 'other_scenario'
                        WHEN drawn.held AND previous.held_before THEN 'control_group'
                   END AS reason
              FROM asking JOIN drawn ON drawn.id = asking.id
              LEFT JOIN previous ON previous.person_key = asking.person_key
              LEFT JOIN elsewhere ON elsewhere.person_key = asking.person_key
        )""",
        **TARGETS[request.model],
        **PERSON[request.model],
        scenario_id=request.scenario_id,
        ids=list(request.ids),
        kinds=list(request.kinds),
        company_id=request.company_id,
        reentry=request.reentry,
        entered_before=request.entered_before,
        exclusive=request.exclusive,
        leaving=list(request.leaving),
        live=LIVE,
        control_percent=request.control_percent,
        # 0 to 9999; the hash says the same on every version of PostgreSQL
        lot=SQL(
            """
            ('x' || left(encode(sha256(convert_to(%s || '-' || asking.person_key, 'UTF8')), 'hex'), 8))::bit(32)::bigint
            %% 10000
            """,
            str(request.scenario_id),
        ),
    )


def enroll(cr, request, admission):
    """Insert the enrollments that may enter and their first trace, in one statement (S10, S12).

    The unique indexes of the enrollment table decide between concurrent entries of one person, and between several
    records of one person in one batch.

    :param request: ``entry.Request``
    :param admission: ``entry.Admission``
    :return: rows ``(enrollment id, target id, held out for comparison)``
    """
    cr.execute(
        SQL(
            """
            WITH %(asking)s, entered AS (
                INSERT INTO %(runs)s
                       (scenario_id, step_id, %(column)s, person_key, target_kind, company_id, state, next_run_at,
                        end_reason, ended_at, run_number, attempts, door, entered_at, entered_by_id, create_uid,
                        create_date, write_uid, write_date)
                SELECT %(scenario_id)s, CASE WHEN NOT held THEN %(step_id)s END, asking.id, asking.person_key,
                       asking.kind, coalesce(asking.company_id, %(company_id)s),
                       CASE WHEN held THEN 'control' ELSE 'running' END,
                       CASE WHEN NOT held THEN %(start_at)s::timestamp END,
                       CASE WHEN held THEN 'control_group' END, CASE WHEN held THEN %(now)s::timestamp END,
                       coalesce(previous.run_number, 0) + 1, 0, %(door)s, %(now)s, %(user_id)s,
                       %(user_id)s, %(now)s, %(user_id)s, %(now)s
                  FROM asking
                  JOIN rejected ON rejected.id = asking.id AND rejected.reason IS NULL
                  LEFT JOIN previous ON previous.person_key = asking.person_key
                 ORDER BY asking.id
                    ON CONFLICT DO NOTHING
                RETURNING id, %(column)s AS target_id, state = 'control' AS held
            ), traced AS (
                INSERT INTO %(traces)s (enrollment_id, scenario_id, step_id, event, reason, message, at)
                SELECT entered.id, %(scenario_id)s, %(step_id)s, CASE WHEN held THEN 'held_out' ELSE 'entered' END,
                       CASE WHEN held THEN 'control_group' END, %(origin)s, %(now)s
                  FROM entered
            )
            SELECT id, target_id, held FROM entered ORDER BY id
            """,
            asking=_asking(request),
            runs=home_of(cr, "marketing_scenario_enrollment"),
            traces=home_of(cr, "marketing_scenario_trace"),
            column=TARGETS[request.model]["column"],
            scenario_id=request.scenario_id,
            company_id=request.company_id,
            now=request.now,
            step_id=admission.step_id,
            start_at=admission.start_at,
            door=admission.door,
            user_id=admission.user_id,
            origin=admission.origin,
        )
    )
    return cr.fetchall()


def held_out(cr, request):
    """Ids of those who ask that are in the control group, or would be if they came now; decides as ``enroll`` does."""
    cr.execute(SQL("WITH %s SELECT id FROM drawn WHERE held", _asking(request)))
    return {row[0] for row in cr.fetchall()}


def rejections(cr, request):
    """``{target id: (reason, id of the run in the way or None)}`` of those who may not enter; decides as ``enroll``
    does: of several records of one person in one batch the first may."""
    cr.execute(
        SQL(
            """
            WITH %s, ranked AS (
                SELECT rejected.*,
                       row_number() OVER (PARTITION BY asking.person_key, rejected.reason ORDER BY asking.id) AS rank
                  FROM rejected JOIN asking ON asking.id = rejected.id
            )
            SELECT id, coalesce(reason, 'already_inside'), holder_id FROM ranked WHERE reason IS NOT NULL OR rank > 1
            """,
            _asking(request),
        )
    )
    return {target_id: (reason, holder_id) for target_id, reason, holder_id in cr.fetchall()}


def overtaken(cr, request, step_ids):
    """``{enrollment id: target id that asks}``: live runs in the scenario of other records of the persons who ask,
    which stand on one of ``step_ids``.

    Leans on ``marketing_scenario_enrollment__person_live_unique``.
    """
    cr.execute(
        SQL(
            """
            SELECT run.id, target.id
              FROM %(table)s target %(person_joins)s
              JOIN marketing_scenario_enrollment run ON run.person_key = (%(person)s)::varchar
             WHERE target.id = ANY(%(ids)s) AND run.scenario_id = %(scenario_id)s AND run.state IN %(live)s
               AND run.step_id = ANY(%(step_ids)s) AND run.%(column)s IS DISTINCT FROM target.id
            """,
            **TARGETS[request.model],
            **PERSON[request.model],
            ids=list(request.ids),
            scenario_id=request.scenario_id,
            step_ids=list(step_ids),
            live=LIVE,
        )
    )
    return dict(cr.fetchall())


def trace_skipped(cr, enrollment_ids, scenario_id, step_ids, reason, now):
    """Trace rows for steps that are not played at all (S23: entered after the date)."""
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, reason, at)
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


def query_changes(cr, query_id, matching):
    """Bring the memory of a dynamic query up to date with ``matching`` (an SQL sub-select of ids).

    :return: ``(ids that started to match, ids that stopped, enrollments by this query of those that stopped)``
    """
    cr.execute(
        SQL(
            """
            WITH matching AS MATERIALIZED (%(matching)s),
            stopped AS (
                DELETE FROM marketing_scenario_query_match known
                 WHERE known.query_id = %(query_id)s
                   AND NOT EXISTS (SELECT FROM matching WHERE matching.id = known.res_id)
                RETURNING known.res_id, known.enrollment_id
            ), started AS (
                INSERT INTO marketing_scenario_query_match (query_id, res_id)
                SELECT %(query_id)s, matching.id FROM matching
                    ON CONFLICT DO NOTHING
                RETURNING res_id
            )
            SELECT array(SELECT res_id FROM started ORDER BY 1), array(SELECT res_id FROM stopped ORDER BY 1),
                   array(SELECT enrollment_id FROM stopped WHERE enrollment_id IS NOT NULL ORDER BY 1)
            """,
            matching=matching,
            query_id=query_id,
        )
    )
    return cr.fetchone()


def note_query_entries(cr, query_id, enrollment_ids):
    """Remember by which enrollment the records of a dynamic query entered (unique index on query_id, res_id)."""
    if enrollment_ids:
        cr.execute(
            SQL(
                """
                UPDATE marketing_scenario_query_match known
                   SET enrollment_id = enrollment.id
                  FROM marketing_scenario_enrollment enrollment
                 WHERE enrollment.id = ANY(%(ids)s)
                   AND known.query_id = %(query_id)s
                   AND known.res_id = COALESCE(enrollment.partner_id, enrollment.lead_id)
                """,
                ids=list(enrollment_ids),
                query_id=query_id,
            )
        )


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
        ),
        log_exceptions=False,  # two calls at one moment: the later one is run again, that is no error
    )
    return cr.fetchone()[0]
