"""What visitors sent waits here for a moment: a visitor waits for one row to be stored, never for what follows from it.

A burst of posts is thus taken in at the speed of an INSERT, and worked off one after the other.
"""

import logging

from odoo import api, models

from .. import clock
from ..engine import back_off
from ..engine.drain import drain, halve, limit_locks, wake

_logger = logging.getLogger(__name__)

CRON = "marketing_scenario.ir_cron_process_submissions"
BATCH_SIZE = 50


class EngagementSubmission(models.Model):
    _inherit = "marketing.engagement.submission"

    @api.model
    def _wake_cron(self):
        """Have the cron look at what was received, as soon as this transaction is committed."""
        wake(self.env, self.env["ir.model.data"]._xmlid_to_res_id(CRON))

    @api.model
    def _cron_process(self):
        """Cron: work off all received submissions, one committed batch after the other, until time is up."""
        drain(self.env.ref(CRON), self._work_off, self._next_at)

    @api.model
    def _work_off(self, limit=BATCH_SIZE):
        """Make contacts, leads and events of the oldest received submissions; never commits.

        One that fails is tried again with back-off, then parked as error; the others go on (S44, S45).

        :return: number of submissions handled
        """
        limit_locks(self.env.cr)
        due = self.search(
            [("state", "=", "received"), ("next_try_at", "<=", clock.now(self.env))],
            order="next_try_at, id",
            limit=limit,
        ).try_lock_for_update()

        def process(submissions):
            for submission in submissions:
                submission._as_sent()._process()
            self.env.flush_all()

        halve(self.env, due, process, lambda _nothing: None, lambda submission, error: submission._try_again(error))
        return len(due)

    @api.model
    def _next_at(self):
        return self.search([("state", "=", "received")], order="next_try_at", limit=1).next_try_at

    def _try_again(self, error):
        _logger.info("Submission %s of a form: %s", self.id, error)
        attempts = self.attempts + 1
        again = back_off.next_try(attempts, clock.now(self.env))
        self.write(
            {
                "state": "received" if again else "error",
                "attempts": attempts,
                "next_try_at": again,
                "message": str(error),
            }
        )

    def action_retry(self):
        """Button *Try again* of submissions that nothing could be made of."""
        self.check_access("write")
        failed = self.filtered(lambda submission: submission.state == "error")
        # sudo: how often it was tried is kept by the system
        failed.sudo().write({"state": "received", "attempts": 0, "next_try_at": clock.now(self.env)})
        self._wake_cron()
        return True
