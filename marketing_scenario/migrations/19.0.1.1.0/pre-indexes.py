"""The path of a run is found by an index on the run alone."""


def migrate(cr, version):
    """Drop the index whose place it takes: a run has few traces, its steps need not be in it."""
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_trace__enrollment_step_idx")
