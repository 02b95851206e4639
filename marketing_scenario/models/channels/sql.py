"""The lock around a step's mailings.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def lock_step(cr, step_id):
    """Wait for the transaction that is writing this step; if it changed it, the caller's transaction begins again.

    It is another lane, which will soon be done: this once, the wait has no limit.
    """
    cr.execute("SHOW lock_timeout")
    usual = cr.fetchone()[0]
    cr.execute("SET LOCAL lock_timeout = 0")
    cr.execute(
        SQL("SELECT FROM marketing_scenario_step WHERE id = %s FOR NO KEY UPDATE", step_id), log_exceptions=False
    )
    cr.execute(SQL("SET LOCAL lock_timeout = %s", usual))
