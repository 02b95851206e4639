"""Of an entry is kept where it came from; its door and who did it stand on the run, and are told when read."""


def migrate(cr, version):
    """Take the door, which was written in somebody's language, and the user out of “By hand · Fair · Mona”."""
    cr.execute(
        """
        UPDATE marketing_scenario_trace
           SET message = nullif(regexp_replace(regexp_replace(message, '^[^·]*( · )?', ''), '(^| · )[^·]*$', ''), '')
         WHERE event IN ('entered', 'held_out') AND message IS NOT NULL
        """
    )
