"""Optional hand-over to OCA's queue_job: where it is installed and wished for, jobs help instead of extra lanes."""

from odoo import api, models

from .engine import BATCH_SIZE

PARAMETER = "marketing_scenario.queue_job"
CHANNEL = "root.marketing_scenario"


class MarketingScenarioEngine(models.AbstractModel):
    _inherit = "marketing.scenario.engine"

    @api.model
    def _has_queue_job(self):
        """Whether queue_job is installed in this database; nothing of it is imported."""
        return "queue.job" in self.env

    @api.model
    def _hands_over(self):
        """Whether jobs shall help the first lane."""
        # sudo: a technical setting that the engine reads for everyone
        wished = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        return bool(wished) and self._has_queue_job()

    @api.model
    def _call_for_help(self):
        """As without queue_job, or one job for each lane but the first, which stays a scheduled action."""
        if not self._hands_over():
            return super()._call_for_help()
        for number in range(2, len(self._lanes()) + 1):
            self._delay_lane(number)

    @api.model
    def _delay_lane(self, number):
        """Put a job of this lane in the queue, unless one of the lane waits there already."""
        self.with_delay(
            channel=CHANNEL,
            identity_key=f"marketing_scenario.lane.{number}",
            description=self.env._("Marketing scenarios: walk due enrollments (%(number)s)", number=number),
        )._run_lane_job(number)

    @api.model
    def _run_lane_job(self, number):
        """Job: walk one batch, which queue_job commits; after a full one there may be more, so the next job follows.

        A conflict of the transaction is raised as it is: queue_job runs the job again.

        :return: number of enrollments handled, the job's result
        """
        handled = self._run_due(limit=BATCH_SIZE)
        if handled >= BATCH_SIZE and self._hands_over():
            self._delay_lane(number)
        return handled
