"""The engine: claims due enrollments, walks them through their steps in groups, writes the result at once.

It knows no step type and no target model. All its SQL is in ``engine_sql``.
"""

import logging

from psycopg2 import errors

from odoo import api, models

from . import engine_sql
from .group_run import GroupRun
from .run import Run

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1000
# Troubles of the transaction, not of a record: the batch is rolled back and claimed again.
TRANSACTION_ERRORS = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
CONFLICT_TRIES = 5


class MarketingScenarioEngine(models.AbstractModel):
    _name = "marketing.scenario.engine"
    _description = "Marketing scenario engine"

    @api.model
    def _now(self):
        """The instant of this transaction, naive UTC without microseconds: the only clock of the addon.

        The simulation sets another instant in the context (S39).
        """
        return self.env.context.get("marketing_now") or self.env.cr.now().replace(microsecond=0)

    @api.model
    def _cron_run_due(self):
        """Cron: walk all due enrollments, one committed batch after the other, until time is up."""
        conflicts, helped = 0, False
        while True:
            try:
                handled = self._run_due(limit=BATCH_SIZE)
            except TRANSACTION_ERRORS:
                # Someone else changed the same rows meanwhile. Nothing of the batch is kept; take a fresh snapshot.
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICT_TRIES:
                    self._wake()
                    self.env["ir.cron"]._commit_progress(0, remaining=0)
                    return
                continue
            if not handled:
                break
            _logger.info("Marketing scenarios: walked %s people who were due", handled)
            conflicts = 0
            if handled >= BATCH_SIZE and not helped:
                self._call_for_help()
                helped = True
            if not self.env["ir.cron"]._commit_progress(handled, remaining=1):
                return
        self._wake_at_next()
        self.env["ir.cron"]._commit_progress(0, remaining=0)

    @api.model
    def _run_due(self, limit=None):
        """Walk due enrollments of active scenarios; never commits.

        :param limit: at most so many (one batch); None: all that are due
        :return: number of enrollments handled
        """
        handled = 0
        while rows := self._claim(limit or BATCH_SIZE):
            self._run_rows(rows)
            handled += len(rows)
            if limit and handled >= limit:
                break
        return handled

    def _run_rows(self, rows):
        run = Run(self.env, self._now())
        run.start(rows)
        while group := run.next_group():
            self._execute_group(run, *group)
        self._flush(run)

    def _claim(self, limit):
        """Lock due enrollments, oldest first, the same share for every scenario (S46)."""
        now = self._now()
        self.env.flush_all()
        due = engine_sql.scenarios_with_due(self.env.cr, now)
        if not due:
            return []
        return engine_sql.claim(self.env.cr, due, now, -(-limit // len(due)), limit)

    def _execute_group(self, run, step, enrollments):
        """Execute ``step`` for ``enrollments``; on an error, halve the group until the culprit is alone."""
        group = GroupRun(self.env, run.now, step)
        if step._describe().get("reads_path"):
            self._write_traces(run)
        try:
            with self.env.cr.savepoint():
                step._execute(group, enrollments)
                if group.forgotten(enrollments):
                    raise AssertionError(f"step type {step.step_type} did not decide once on every enrollment")
        except TRANSACTION_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 one bad record must not stop the others (S45)
            self._split_group(run, step, enrollments, error)
        else:
            run.accept(group)

    def _split_group(self, run, step, enrollments, error):
        if len(enrollments) > 1:
            half = len(enrollments) // 2
            self._execute_group(run, step, enrollments[:half])
            self._execute_group(run, step, enrollments[half:])
            return
        _logger.info(
            "Step “%s” of scenario “%s” failed for enrollment %s, to be tried again: %s",
            step.name,
            step.scenario_id.name,
            enrollments.id,
            error,
            exc_info=True,
        )
        group = GroupRun(self.env, run.now, step)
        group.retry(enrollments, str(error) or type(error).__name__)
        run.accept(group)

    def _flush(self, run):
        self.env.flush_all()
        engine_sql.write_moves(self.env.cr, run.moves)
        self._write_traces(run)
        self.env["marketing.scenario.enrollment"].invalidate_model()
        if run.failed_step_ids:
            self.env["marketing.scenario.step"].browse(run.failed_step_ids).scenario_id._notify_errors()

    def _write_traces(self, run):
        engine_sql.write_traces(self.env.cr, run.take_traces(), run.now)
        self.env["marketing.scenario.trace"].invalidate_model()

    @api.model
    def _wake(self, at=None):
        """Have the lanes look for due enrollments at ``at`` (naive UTC), or as soon as possible."""
        # sudo: any user who may enroll wakes the cron, without rights on it
        self.env.ref("marketing_scenario.ir_cron_run_due").sudo()._trigger(at=at)

    def _wake_at_next(self):
        next_run_at = engine_sql.next_due(self.env.cr)
        if next_run_at:
            self._wake(max(next_run_at, self._now()))
