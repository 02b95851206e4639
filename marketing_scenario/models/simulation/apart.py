"""The dry world of a crowd: what it does lies in tables of its own, beside the real ones.

Its runs are copies: for this transaction, the name of the table of runs means a temporary one with all runs of these
people. So no real run is ever locked, and the engine goes on with the very same people. Their traces and messages,
which are only added, lie in children (``INHERITS``) of the real tables, beside those that are there. Whoever reads,
changes or deletes by the name of the real table finds what belongs there: no statement of the engine, of a rule or of
another addon has to know. All of them are temporary, so nothing is logged, nothing is left to be cleaned up and nobody
outside meets their unique indexes; and few indexes hang on them, none of which a move touches: PostgreSQL moves a run
in a tenth of the time.

Only foreign keys do not see them. Those that lead to them wait for a commit that never comes (``foreign_keys.py``);
where one cannot wait, as that of an addon installed since the last update, the crowd walks in the real tables. So it
does when a step has deleted something that such rows refer to, or some of them: there the foreign keys do their work.
"""

from contextlib import contextmanager, suppress

from psycopg2 import OperationalError, errors

from odoo.sql_db import Cursor

from . import sql
from .world import dry_world

MEMORY = "64MB"  # of this connection: a crowd's rows stay in it
# for who has the table to clean up or to change it, or for another forecast; then it only takes longer
PATIENCE = "2s"


def walk_apart(env, moment, records, walk):
    """Let a crowd walk in a dry world; again, in the real tables, if foreign keys would have had something to do.

    :param moment: see ``dry_world``
    :param records: those who walk: targets, or runs that are inside
    :param walk: ``(dry environment)`` → what is told of it
    :return: what is told of it
    """
    with crowd_world(env, moment, records) as dry:
        try:
            told = walk(dry)
            if not _has_deleted(dry.cr):
                return told
        except OperationalError:
            raise  # a conflict, a time limit: nothing that foreign keys would have to do with
        except Exception:
            if not _has_deleted(dry.cr):
                raise
    with crowd_world(env, moment, records, is_apart=False) as dry:
        return walk(dry)


@contextmanager
def crowd_world(env, moment, records, is_apart=True):
    """As ``dry_world``, for many; see ``walk_apart``."""
    env.flush_all()
    partner_ids, lead_ids = _people_of(env.cr, records)
    with dry_world(env, moment) as dry:
        sql.work_for_many(dry.cr)
        if is_apart:
            _set_apart(dry.cr, partner_ids, lead_ids)
        yield dry


def set_out(cr):
    """From here on, what is deleted is deleted by a step."""
    if cr.apart:
        cr.deletions = sql.deletions(cr)


def _has_deleted(cr):
    """Whether a step has deleted something that foreign keys of what lies apart would have followed."""
    if cr.deletions is None:
        return False
    try:
        return sql.deletions(cr) != cr.deletions
    except errors.InFailedSqlTransaction:
        return True  # nothing more can be asked: what went wrong goes wrong again, or was this


def _people_of(cr, records):
    """``(ids of contacts, ids of leads)``"""
    if records._name == "marketing.scenario.enrollment":
        rows = sql.people_of(cr, records.ids)
        return [*{row[1] for row in rows if row[1]}], [*{row[2] for row in rows if row[2]}]
    return (records.ids, []) if records._name == "res.partner" else ([], records.ids)


def _set_apart(cr, partner_ids, lead_ids):
    if sql.has_immediate_keys(cr) or not sql.counts_deletions(cr):
        return
    # a connection that has had temporary tables keeps them in as much memory as it had then
    with suppress(errors.InvalidParameterValue), cr.savepoint(flush=False):
        sql.use_memory(cr, MEMORY)
    with suppress(errors.InsufficientPrivilege), cr.savepoint(flush=False):
        cr.schema = sql.copy_runs(cr, partner_ids, lead_ids)
        cr.apart = {sql.RUNS: sql.RUNS}
        _close_afterwards(cr)
    with suppress(errors.LockNotAvailable), cr.savepoint(flush=False):
        if cr.apart:
            cr.apart |= sql.set_apart(cr, PATIENCE)


class _OnceOnly:
    """A pool of connections that does not take one back."""

    def __init__(self, pool):
        self._pool = pool

    def give_back(self, connection, keep_in_pool=True):
        self._pool.give_back(connection, keep_in_pool=False)


def _close_afterwards(cr):
    """PostgreSQL frees the memory of temporary tables when a connection ends: this one is not used again."""
    while hasattr(cr, "_cursor"):
        cr = cr._cursor
    if isinstance(cr, Cursor):
        cr._Cursor__pool = _OnceOnly(cr._Cursor__pool)
