"""The engine: claims due enrollments, walks them through their steps in groups, writes the result at once.

It knows no step type and no target model.
"""

import logging
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from psycopg2 import errors

from odoo import api, models

from .. import clock
from . import sql
from .batch import STEP_DELETED, Batch, is_there
from .decisions import Decisions
from .drain import drain, halve, limit_locks
from .rotation import Rotation
from .stack import stack_of

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1000
MOST_SHARES = 50  # of a batch: two rows of each of 500 scenarios would be 500 groups of two
LOCKED_PAUSE = timedelta(minutes=1)  # who needs a row that somebody else holds looks again then


class MarketingScenarioEngine(models.AbstractModel):
    _name = "marketing.scenario.engine"
    _description = "Marketing scenario engine"

    @api.model
    def _cron_run_due(self):
        """Cron: walk all due enrollments, one committed batch after the other, until time is up."""
        helped = False
        rotation = Rotation()

        def work():
            nonlocal helped
            handled = self._run_due(limit=BATCH_SIZE, rotation=rotation)
            if handled:
                _logger.info("Marketing scenarios: walked %s people who were due", handled)
            if handled >= BATCH_SIZE and not helped:
                self._call_for_help()
                helped = True
            return handled

        drain(self._first_lane(), work, lambda: sql.next_due(self.env.cr))

    @api.model
    def _run_due(self, limit=None, rotation=None):
        """Walk due enrollments of active scenarios; never commits.

        :param limit: at most so many (one batch); None: all that are due
        :param rotation: whose turn it is, from the batch before
        :return: number of enrollments handled
        """
        handled = 0
        rotation = rotation or Rotation()
        limit_locks(self.env.cr)
        while rows := self._claim(limit or BATCH_SIZE, rotation):
            self._run_rows(rows)
            handled += len(rows)
            if limit and handled >= limit:
                break
        return handled

    def _run_rows(self, rows):
        batch = Batch(self.env, clock.now(self.env))
        batch.start(self._looked_at(rows))
        while standing := batch.next_standing():
            self._execute_standing(batch, standing)
        self._write_batch(batch)

    def _looked_at(self, rows):
        """Hook: those of the claimed rows that go on walking."""
        return rows

    def _claim(self, limit, rotation):
        """Lock due enrollments, oldest first, the same share for every scenario (S46).

        Where the shares would become too small to be worth a batch, the scenarios take turns.
        """
        now = clock.now(self.env)
        self.env.flush_all()
        due = sql.scenarios_with_due(self.env.cr, now)
        if not due:
            return []
        quota = -(-limit // min(len(due), MOST_SHARES))
        rows, last = sql.claim(self.env.cr, rotation.order(due), now, quota, limit)
        rotation.served_until(last)
        return rows

    def _execute_standing(self, batch, standing):
        """Execute the steps for those who stand on them; who makes one fail is tried again later, alone.

        :param standing: ``[(step, enrollment id)]``, step by step
        """
        if batch.reads_path(standing[0][0]):
            self._write_traces(batch)

        def attempt(standing):
            return [
                self._decisions(batch, step, batch.enrollments([enrollment_id for _step, enrollment_id in group]))
                for step, group in groupby(standing, itemgetter(0))
            ]

        def accept(decided):
            for decisions in decided:
                batch.accept(decisions)

        def give_up(alone, error):
            step, enrollment_id = alone
            batch.accept(self._given_up(batch, step, batch.enrollments([enrollment_id]), error))

        halve(self.env, standing, attempt, accept, give_up)

    def _decisions(self, batch, step, enrollments):
        """What the step decides on these, all standing on it."""
        decisions = Decisions(self.env, batch, step)
        if not is_there(step):
            decisions.stop(enrollments, STEP_DELETED["reason"])
            return decisions
        step._execute(decisions, enrollments)
        if decisions.undecided(enrollments):
            raise AssertionError(f"step type {step.step_type} did not decide once on every enrollment")
        return decisions

    def _given_up(self, batch, step, enrollment, error):
        """What is decided on the one enrollment that makes the step fail."""
        decisions = Decisions(self.env, batch, step)
        if not is_there(step):
            decisions.stop(enrollment, STEP_DELETED["reason"])
            return decisions
        if not enrollment.exists()._targets():
            decisions.stop(enrollment, "target_deleted")
            return decisions
        if isinstance(error, errors.LockNotAvailable):
            decisions.put_off(enrollment, batch.now + LOCKED_PAUSE)
            return decisions
        _logger.info(
            "Step “%s” of scenario “%s” failed for enrollment %s, to be tried again: %s",
            step.name,
            step.scenario_id.name,
            enrollment.id,
            error,
            exc_info=True,
        )
        decisions.retry(enrollment, str(error) or type(error).__name__, stack=stack_of(error))
        return decisions

    def _write_batch(self, batch):
        self.env.flush_all()
        sql.write_moves(self.env.cr, batch.moves, batch.now)
        self._write_traces(batch)
        self._forget_places()
        if batch.failed_step_ids:
            self.env["marketing.scenario.step"].browse(batch.failed_step_ids).exists().scenario_id._notify_errors()

    def _forget_places(self):
        """What a move may have changed is read anew. A forecast walks the same people again and again: who they are is
        kept."""
        enrollments = self.env["marketing.scenario.enrollment"]
        enrollments.invalidate_model(
            [
                name
                for name, field in enrollments._fields.items()
                if name in sql.MOVED or not (field.store and field.column_type)
            ]
        )

    def _write_traces(self, batch):
        sql.write_traces(self.env.cr, batch.take_traces(), batch.now)
        self.env["marketing.scenario.trace"].invalidate_model()

    @api.model
    def _wake(self, at=None):
        """Have the lanes look for due enrollments at ``at`` (naive UTC), or as soon as possible."""
        self._first_lane()._trigger(at=at)

    @api.model
    def _first_lane(self):
        # sudo: any user who may enroll wakes the cron, without rights on it
        return self.env.ref("marketing_scenario.ir_cron_run_due").sudo()
