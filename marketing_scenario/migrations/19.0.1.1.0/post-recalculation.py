"""Runs know from which moment their wait is counted."""


def migrate(cr, version):
    """Those inside came to their step when they left the one before it, were sent back, moved, or entered."""
    cr.execute(
        """
        UPDATE marketing_scenario_enrollment run
           SET wait_from = coalesce(came.at, run.entered_at, run.create_date)
          FROM marketing_scenario_enrollment waiting
          LEFT JOIN LATERAL (
                SELECT max(trace.at) AS at FROM marketing_scenario_trace trace
                 WHERE trace.enrollment_id = waiting.id
                   AND (trace.outcome IS NOT NULL OR trace.event IN ('goto', 'moved', 'entered'))) came ON true
         WHERE run.id = waiting.id AND run.wait_from IS NULL AND waiting.state IN ('running', 'paused', 'error')
        """
    )
