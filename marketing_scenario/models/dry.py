"""The cursor of a dry run: everything is done, and nothing of it can last (S39).

Who must know asks ``is_dry``: a few things cannot be taken back by a rollback, such as a number drawn from a sequence.
"""

from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo.sql_db import BaseCursor, Connection
from odoo.tools import SQL

from ..tools.seal import Sealed, is_sealed


class DryCursor(BaseCursor):
    """A cursor on another one's transaction, with a clock and hooks of its own, that cannot commit.

    What is planned for after a commit or a rollback is never done. Modelled on Odoo's own cursor for tests.
    """

    def __init__(self, cursor, moment):
        """:param moment: naive UTC, the instant at which everything seems to happen"""
        super().__init__()
        self.counts_messages = False  # messages are counted instead of composed (S55)
        self.mailing_ids = {}  # (step id, model) → mailing, of steps that have none yet
        self.apart = {}  # table → the one that takes its new rows, see ``home_of``
        self.schema = ""  # where the real table of runs is, when a crowd walks in copies
        self.deletions = None  # see ``simulation/apart.py``
        self._beneath = cursor
        self.dbname = cursor.dbname
        self.at(moment)

    @property
    def _cursor(self):
        """The cursor beneath.

        :raise Sealed: a step has ended the transaction, and with it the dry run: from now on all would be real
        """
        if self._beneath._cnx.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            raise Sealed("transaction")
        return self._beneath

    def at(self, moment):
        """Set the clock."""
        self._now = moment.replace(microsecond=0)

    def execute(self, query, params=None, log_exceptions=True):
        return self._cursor.execute(query, params, log_exceptions=log_exceptions)

    def dictfetchone(self):
        return self._cursor.dictfetchone()

    def commit(self):
        raise Sealed("commit")

    def rollback(self):
        raise Sealed("rollback")

    def close(self):
        raise Sealed("close")

    def __getattr__(self, name):
        return getattr(self._cursor, name)


def is_dry(env):
    """Whether what happens in this environment is a dry run."""
    return isinstance(env.cr, DryCursor)


def home_of(cr, table):
    """Where an INSERT puts new rows of a table: into it, but those of a crowd into a table of its own, which all other
    statements of the transaction take for a part of it (``simulation/apart.py``)."""
    return SQL.identifier(cr.apart.get(table, table) if isinstance(cr, DryCursor) else table)


_open_cursor = Connection.cursor


def _open_unless_sealed(connection):
    # a second transaction is not part of the dry run: it could commit
    if is_sealed():
        raise Sealed("cursor")
    return _open_cursor(connection)


Connection.cursor = _open_unless_sealed
