"""Two indexes give way: a run has few traces, so its path is found by an index on the run alone; the people of a
scenario are found by a wider one, which the model makes under the same name."""


def migrate(cr, version):
    """Drop them."""
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_trace__enrollment_step_idx")
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__scenario_id_index")
