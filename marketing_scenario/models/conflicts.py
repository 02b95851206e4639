"""What two transactions do to each other at one moment: the later begins again on a fresh snapshot."""

import functools
import logging
import threading
from contextlib import contextmanager

from psycopg2 import errors

from odoo import api
from odoo.exceptions import ConcurrencyError

# Only a fresh snapshot helps: the batch is rolled back and taken again.
CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected, ConcurrencyError)
# Troubles of the transaction, not of a record. A lock that is not given in time is one too, unless the record that
# it is about can be told apart: see ``engine/drain.halve``.
TRANSACTION_ERRORS = (*CONFLICTS, errors.LockNotAvailable)
CONFLICT_TRIES = 5
SQL_LOG = logging.getLogger("odoo.sql_db")


@contextmanager
def expected_conflicts():
    """Odoo logs every statement that fails as an error. One that meets somebody else's lock and is taken again is
    none, and stays out of the log; everything else, and every other thread, is logged as ever."""
    thread = threading.get_ident()

    def is_told(record):
        error = record.args[-1] if isinstance(record.args, tuple) and record.args else None
        return record.thread != thread or not isinstance(error, TRANSACTION_ERRORS)

    SQL_LOG.addFilter(is_told)
    try:
        yield
    finally:
        SQL_LOG.removeFilter(is_told)


def nightly(method):
    """Decorator: a job of Odoo's nightly clean-up, which has its transaction for itself.

    Odoo would tell a conflict as an error and leave the job for another night.
    """

    @api.autovacuum
    @functools.wraps(method)
    def job(self):
        for tries_left in reversed(range(CONFLICT_TRIES)):
            try:
                with expected_conflicts():
                    result = method(self)
                    self.env.flush_all()
                return result
            except CONFLICTS:
                if not tries_left:
                    raise
                self.env.cr.rollback()

    return job
