"""Traces tell apart what happened (``event``) and the way out by which a step was left (``outcome``)."""


def migrate(cr, version):
    """Move the codes that were no ways out into the new column."""
    cr.execute("ALTER TABLE marketing_scenario_trace ADD COLUMN IF NOT EXISTS event varchar")
    cr.execute(
        """
        UPDATE marketing_scenario_trace
           SET event = outcome, outcome = NULL
         WHERE event IS NULL
           AND outcome IN ('entered', 'skipped', 'retry', 'error', 'goto', 'end', 'stopped', 'paused', 'resumed',
                           'moved', 'rescheduled', 'inherited')
        """
    )
    # its place is taken by an index on (step_id, event, outcome)
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_trace__step_outcome_idx")
