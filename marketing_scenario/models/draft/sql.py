"""Whom a publication touches, and who looks at a tree.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

LIVE = SQL("('running', 'paused', 'error')")


def passed_and_inside(cr, step_ids):
    """Who has passed one of these steps in a run that goes on.

    Leans on ``marketing_scenario_trace__step_event_idx`` and on the primary key of enrollments.

    :return: ``{(passed step id, step id where they stand now): [enrollment ids]}``
    """
    cr.execute(
        SQL(
            """
            SELECT trace.step_id, run.step_id, array_agg(DISTINCT run.id)
              FROM marketing_scenario_trace trace
              JOIN marketing_scenario_enrollment run ON run.id = trace.enrollment_id
             WHERE trace.step_id = ANY(%s) AND trace.event IS NULL AND trace.outcome IS NOT NULL
               AND run.state IN %s AND run.step_id IS NOT NULL
             GROUP BY trace.step_id, run.step_id
            """,
            list(step_ids),
            LIVE,
        )
    )
    return {(passed, standing): ids for passed, standing, ids in cr.fetchall()}


def look_in(cr, scenario_id, user_id, now):
    """Note that a user has this scenario open for changing. Leans on ``marketing_scenario_editor__one_place``."""
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_scenario_editor (scenario_id, user_id, seen_at)
            VALUES (%(scenario_id)s, %(user_id)s, %(now)s)
                ON CONFLICT (scenario_id, user_id) DO UPDATE SET seen_at = excluded.seen_at
            """,
            scenario_id=scenario_id,
            user_id=user_id,
            now=now,
        ),
        log_exceptions=False,  # two windows of one user that meet are no error: one begins again
    )
