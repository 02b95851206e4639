"""How every queue of the addon is worked off: batch after committed batch, and a bad row never stops the others."""

from contextlib import contextmanager

from psycopg2 import errors

from odoo.exceptions import UserError

from .. import clock
from ..conflicts import CONFLICT_TRIES, CONFLICTS, TRANSACTION_ERRORS, expected_conflicts
from ..dry import is_dry
from . import sql

LOCK_TIMEOUT = "1s"  # how long a queue waits for a row that somebody else holds
NEXT_LOCK_TIMEOUT = "20ms"  # the same once a batch has met one: looking for the culprits must not add up

ENDS = ("commit", "rollback")  # of a transaction


def limit_locks(cr):
    """No row that somebody holds may stop a queue (S45): from here on, this transaction waits for it a moment only."""
    sql.wait_for_locks(cr, LOCK_TIMEOUT)


def drain(cron, work, next_at):
    """Do ``work()`` until nothing is due or the cron's time is up, each batch committed by itself.

    :param cron: the ``ir.cron`` to wake: at once when work is left, else at the next known moment
    :param work: does one batch in the present transaction; returns the number of rows handled, 0 when none is due
    :param next_at: returns the moment (naive UTC) at which something will be due, or None
    """
    env = cron.env
    conflicts = 0
    while True:
        try:
            with expected_conflicts():
                handled = work()
                # what is still in memory would meet its conflict at the commit, where nothing can take it again
                env.flush_all()
        except TRANSACTION_ERRORS:
            env.cr.rollback()
            conflicts += 1
            if conflicts <= CONFLICT_TRIES:
                continue
            break
        if not handled:
            if moment := next_at():
                _plan(cron, moment)
            env["ir.cron"]._commit_progress(0, remaining=0)
            return
        conflicts = 0
        if not env["ir.cron"]._commit_progress(handled, remaining=1):
            break
    # Odoo would come back by itself, but sleeps up to a minute first: it plans the rest without a wake-up call.
    cron._trigger()
    env["ir.cron"]._commit_progress(0)


def wake(env, cron_id):
    """Have a scheduled action look as soon as this transaction is committed, in one statement."""
    sql.trigger(env.cr, cron_id)
    notify(env)


def notify(env):
    """Once this transaction is committed, tell the workers of the scheduled actions, once, that triggers are there."""
    told = env.cr.postcommit.data
    if not told.get("marketing_notified"):
        told["marketing_notified"] = True
        env.cr.postcommit.add(env["ir.cron"]._notifydb)


def _plan(cron, moment):
    """Wake ``cron`` at ``moment``; one wake-up is enough, however often it is planned."""
    now = clock.now(cron.env)
    if moment <= now or not sql.is_planned(cron.env.cr, cron.id, now, moment):
        cron._trigger(at=max(moment, now))


@contextmanager
def unended(env):
    """Refuse to commit or to roll back: what was done so far would be kept, or lost, without being noted, and be done
    again with the batch (S45)."""

    def refuse():
        raise UserError(
            env._(
                "This must not commit or roll back: what was done would be done again for others. Take “commit” and "
                "“rollback” out of the code; all of it is saved together."
            )
        )

    if is_dry(env):  # refuses by itself
        yield
        return
    own = vars(env.cr)
    kept = {name: own[name] for name in ENDS if name in own}
    own.update(dict.fromkeys(ENDS, refuse))
    try:
        yield
    finally:
        for name in ENDS:
            del own[name]
        own.update(kept)


def halve(env, work, attempt, accept, give_up):
    """Do ``attempt`` for all work at once; when it fails, for each half, until a culprit is alone (S45).

    :param work: records, or a list
    :param attempt: does some of the work, inside a savepoint; what it returns goes to ``accept``
    :param accept: called with that result once the savepoint is kept
    :param give_up: called with the one piece of work that fails, and its error
    :raise CONFLICTS: the batch must begin again
    """
    try:
        with expected_conflicts(), unended(env), env.cr.savepoint():
            result = attempt(work)
    except CONFLICTS:
        raise
    except Exception as error:  # noqa: BLE001 one bad record must not stop the others
        if isinstance(error, errors.LockNotAvailable):
            sql.wait_for_locks(env.cr, NEXT_LOCK_TIMEOUT)
        if len(work) == 1:
            give_up(work[0], error)
            return
    else:
        accept(result)
        return
    half = len(work) // 2
    halve(env, work[:half], attempt, accept, give_up)
    halve(env, work[half:], attempt, accept, give_up)
