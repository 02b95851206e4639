"""A running enrollment has a next moment: the database insists on it from now on."""


def migrate(cr, version):
    """Have the engine look at running rows that nobody would ever look at again."""
    cr.execute(
        """
        UPDATE marketing_scenario_enrollment
           SET next_run_at = now() AT TIME ZONE 'UTC'
         WHERE state = 'running' AND next_run_at IS NULL
        """
    )
