"""What a crowd adds goes into tables of its own, which are children of the real ones (``INHERITS``).

Whoever reads, changes or deletes rows by the name of the real table finds these among the others: no statement of the
engine, of a rule or of another addon has to know. But they are temporary, so nothing is logged, nothing is left to be
cleaned up and nobody outside meets their unique indexes; and few indexes hang on them, none of which a move touches:
PostgreSQL moves a run in a tenth of the time.

Only foreign keys do not see them. Those that lead to them wait for a commit that never comes (``foreign_keys.py``);
where one cannot wait, as that of an addon installed since the last update, the crowd walks in the real tables.
"""

from contextlib import suppress

from psycopg2 import errors

from . import sql

MEMORY = "64MB"  # of this connection: a crowd's rows stay in it
# for who has the table to clean up or to change it, or for another forecast; then it only takes longer
PATIENCE = "2s"


def set_apart(cr):
    """Have what is added to the tables that a crowd fills most go into some of its own, until the savepoint of the dry
    run is rolled back.

    :param cr: ``DryCursor``
    """
    if cr.apart or sql.has_immediate_keys(cr):
        return
    # a connection that has had temporary tables keeps them in as much memory as it had then
    with suppress(errors.InvalidParameterValue), cr.savepoint(flush=False):
        sql.use_memory(cr, MEMORY)
    with suppress(errors.LockNotAvailable, errors.InsufficientPrivilege), cr.savepoint(flush=False):
        cr.apart = sql.set_apart(cr, PATIENCE)
