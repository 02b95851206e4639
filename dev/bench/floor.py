"""The floor under the engine: plain SQL that writes the same rows, in the same batches, and commits.

It reads nothing but what it claims, decides nothing, and knows each result beforehand.
"""

from odoo.tools import SQL

BATCH = 1000

CLAIM = """
    SELECT id, partner_id FROM marketing_scenario_enrollment
     WHERE scenario_id = %s AND state = 'running' AND next_run_at <= localtimestamp
     ORDER BY next_run_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
"""
MOVE = """
    UPDATE marketing_scenario_enrollment
       SET step_id = %(step_id)s, state = %(state)s, next_run_at = %(next_run_at)s, wake_outcome = %(wake_outcome)s,
           wait_until = NULL, wait_reason = %(wait_reason)s, attempts = 0, error_message = NULL,
           end_reason = %(end_reason)s, ended_at = %(ended_at)s
     WHERE id = ANY(%(ids)s)
"""
TRACE = """
    INSERT INTO marketing_scenario_trace (enrollment_id, step_id, scenario_id, outcome, reason, at)
    SELECT id, trace.step_id, %(scenario_id)s, trace.outcome, trace.reason, localtimestamp(0)
      FROM unnest(%(ids)s) AS id CROSS JOIN (VALUES %(rows)s) AS trace(step_id, outcome, reason)
"""
TAG = """
    INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
    SELECT id, %s FROM unnest(%s) AS id ON CONFLICT DO NOTHING
"""
SCORE = """
    UPDATE res_partner SET marketing_own_score = coalesce(marketing_own_score, 0) + %s WHERE id = ANY(%s)
"""
SCORE_LINE = """
    INSERT INTO marketing_score_line
           (partner_id, points, reason, source, at, create_uid, create_date, write_uid, write_date)
    SELECT id, %s, 'Step', 'Scenario', localtimestamp(0), 1, localtimestamp(0), 1, localtimestamp(0)
      FROM unnest(%s) AS id
"""
ENROLL = """
    WITH entered AS (
        INSERT INTO marketing_scenario_enrollment
               (scenario_id, step_id, partner_id, person_key, target_kind, company_id, state, next_run_at, run_number,
                attempts, door, entered_at, entered_by_id, create_uid, create_date, write_uid, write_date)
        SELECT %(scenario_id)s, %(step_id)s, id, 'email:person' || id || '@example.com', 'contact',
               %(company_id)s, 'running', localtimestamp(0), 1, 0, 'api', localtimestamp(0), 1,
               1, localtimestamp(0), 1, localtimestamp(0)
          FROM unnest(%(ids)s) AS id
        RETURNING id
    )
    INSERT INTO marketing_scenario_trace (enrollment_id, scenario_id, step_id, event, message, at)
    SELECT id, %(scenario_id)s, %(step_id)s, 'entered', 'API · OdooBot', localtimestamp(0) FROM entered
"""


class Floor:
    """Plain SQL on one scenario's enrollments."""

    def __init__(self, cr, scenario):
        self.cr = cr
        self.scenario_id = scenario.id

    def batch(self, write) -> int:
        """Claim a batch, have ``write(ids, partner ids)`` write its rows, commit."""
        self.cr.execute(CLAIM, [self.scenario_id, BATCH])
        rows = self.cr.fetchall()
        if rows:
            write([row[0] for row in rows], [row[1] for row in rows])
        self.cr.commit()
        return len(rows)

    def end(self, ids, step_id, reason) -> None:
        """Move enrollments to the end of their run."""
        self._move(ids, step_id=step_id, state="done", end_reason=reason, ended_at="now")

    def sleep(self, ids, step_id, until) -> None:
        """Let enrollments sleep on a step."""
        self._move(ids, step_id=step_id, next_run_at=until, wake_outcome="next", wait_reason="pause")

    def _move(self, ids, step_id, state="running", **values) -> None:
        place = dict.fromkeys(("next_run_at", "wake_outcome", "wait_reason", "end_reason", "ended_at"))
        self.cr.execute(MOVE, {**place, "ids": ids, "step_id": step_id, "state": state, **values})

    def trace(self, ids, *rows) -> None:
        """Write traces ``(step id, outcome, reason)``, each for all enrollments."""
        values = SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in rows)
        self.cr.execute(SQL(TRACE, ids=ids, scenario_id=self.scenario_id, rows=values))

    def tag(self, partner_ids, tag_id) -> None:
        """Tag contacts."""
        self.cr.execute(TAG, [tag_id, partner_ids])

    def score(self, partner_ids, points) -> None:
        """Change the scores of contacts, each with its row of history."""
        self.cr.execute(SCORE, [points, partner_ids])
        self.cr.execute(SCORE_LINE, [points, partner_ids])

    def enroll(self, partner_ids, step_id, company_id) -> int:
        """Enroll contacts: one INSERT … SELECT of their rows and their first traces."""
        values = {"scenario_id": self.scenario_id, "step_id": step_id, "company_id": company_id, "ids": partner_ids}
        self.cr.execute(ENROLL, values)
        self.cr.commit()
        return len(partner_ids)


def same_rows(cr, ours, floor) -> None:
    """Check that both scenarios, trees of the same shape, got the same traces and ended the same way."""
    cr.commit()  # a fresh view of what the other connection wrote
    if written(cr, ours) != written(cr, floor):
        raise AssertionError(f"not the same rows:\n{written(cr, ours)}\n{written(cr, floor)}")


def written(cr, scenario) -> list[tuple]:
    """Return counts of what was written for a scenario, its steps named by their rank."""
    cr.execute(
        """
        SELECT 'trace', step.position, coalesce(trace.event, trace.outcome), trace.reason, NULL, count(*)
          FROM marketing_scenario_trace trace JOIN marketing_scenario_step step ON step.id = trace.step_id
         WHERE trace.scenario_id = %(id)s GROUP BY 1, 2, 3, 4
         UNION ALL
        SELECT 'run', step.position, state, wake_outcome, end_reason, count(*)
          FROM marketing_scenario_enrollment run JOIN marketing_scenario_step step ON step.id = run.step_id
         WHERE run.scenario_id = %(id)s GROUP BY 1, 2, 3, 4, 5
         ORDER BY 1, 2, 3, 4, 5
        """,
        {"id": scenario.id},
    )
    return cr.fetchall()
