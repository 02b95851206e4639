"""Statements of the dry run. Functions take a cursor and plain values."""

from odoo.tools import SQL


def seal(cr):
    """From here on this transaction, or the savepoint it is in, can only be rolled back: see ``seal.py``."""
    cr.execute("INSERT INTO marketing_simulation_seal (never) VALUES (-1)")


def claim_these(cr, enrollment_ids):
    """What the engine's claim returns, for these runs of the transaction's own: nothing is locked, nothing is due."""
    cr.execute(
        SQL(
            """
            SELECT id, step_id, wake_outcome, attempts, wait_until, is_late,
                   num_nonnulls(partner_id, lead_id) > 0 AS has_target
              FROM marketing_scenario_enrollment
             WHERE id = ANY(%s) AND state = 'running'
            """,
            list(enrollment_ids),
        )
    )
    return cr.fetchall()
