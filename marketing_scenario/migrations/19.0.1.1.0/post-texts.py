"""Somebody answers for the texts of each step: who made it, for those written before that was noted."""


def migrate(cr, version):
    """Note the author of the texts; without the right to write code, their placeholders are checked from now on."""
    cr.execute(
        "UPDATE marketing_scenario_step SET text_author_id = COALESCE(create_uid, 1) WHERE text_author_id IS NULL"
    )
