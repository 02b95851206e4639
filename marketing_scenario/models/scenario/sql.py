"""What keeps two sessions from changing one tree at once.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def claim_trees(cr, scenario_ids):
    """Have this transaction be the only one that changes these trees, or their state.

    The row is rewritten as it is: who changes the tree at the same time waits, and then begins again on what this
    transaction has left. A lock alone would let it go on with what it saw before.
    """
    cr.execute(
        SQL("UPDATE marketing_scenario SET write_date = write_date WHERE id = ANY(%s)", list(scenario_ids)),
        log_exceptions=False,  # two editors who meet are no error: one begins again
    )
