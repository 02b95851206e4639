from unittest.mock import patch

from odoo.tests import tagged

from ...models.engine.queue_job import CHANNEL, PARAMETER
from ..common import ScenarioCase

BATCH_SIZE = 2


@tagged("post_install", "-at_install")
class TestQueueJob(ScenarioCase):
    """With queue_job installed jobs help the lanes; without it all this must change nothing (both are run)."""

    def setUp(self):
        super().setUp()
        self.engine = self.env["marketing.scenario.engine"]
        self.engine._set_lane_count(3)
        self.env["ir.config_parameter"].set_param(PARAMETER, "True")
        for module in ("engine", "queue_job"):
            self.startPatcher(patch(f"odoo.addons.marketing_scenario.models.engine.{module}.BATCH_SIZE", BATCH_SIZE))
        self.installed = "queue.job" in self.env
        self.scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))

    def _jobs(self):
        """What waits in the channel, in order; nothing where there are no jobs."""
        if not self.installed:
            return self.engine
        return self.env["queue.job"].search([("channel", "=", CHANNEL), ("state", "=", "pending")], order="id")

    def _perform(self, record):
        """Run a job as queue_job's controller does: no commit, its result kept."""
        from odoo.addons.queue_job.job import Job  # noqa: PLC0415 only where it is installed

        job = Job.load(self.env, record.uuid)
        job.set_started()
        job.store()
        with patch.object(self.env.cr, "commit", side_effect=AssertionError("no commit in a job")):
            job.perform()
        job.set_done()
        job.store()
        return job.result

    def _enter(self, count):
        people = self.env["res.partner"].browse(self._make_contact(f"Person {number}").id for number in range(count))
        return self._enroll(self.scenario, people)

    def _woken(self):
        return self.env["ir.cron.trigger"].search([("cron_id", "in", self.engine._lanes()[1:].ids)])

    def test_help_comes_as_jobs_or_from_the_other_lanes(self):
        triggers = self._woken()
        self.engine._call_for_help()
        woken = (self._woken() - triggers).cron_id
        if self.installed:
            self.assertEqual(len(self._jobs()), 2, "the first lane stays a scheduled action")
            self.assertFalse(woken)
        else:
            self.assertFalse(self._jobs())
            self.assertEqual(woken, self.engine._lanes()[1:])

    def test_no_more_jobs_wait_than_there_are_lanes(self):
        for _time in range(3):
            self.engine._call_for_help()
        self.assertEqual(len(self._jobs()), 2 * self.installed)

    def test_setting_off_wakes_the_lanes(self):
        self.env["ir.config_parameter"].set_param(PARAMETER, False)
        triggers = self._woken()
        self.engine._call_for_help()
        self.assertFalse(self._jobs())
        self.assertEqual((self._woken() - triggers).cron_id, self.engine._lanes()[1:])

    def test_job_walks_a_batch_and_the_next_follows(self):
        enrollments = self._enter(5)
        if self.installed:
            self.engine._delay_lane(2)
            results = []
            while jobs := self._jobs():
                self.assertEqual(len(jobs), 1)
                results.append(self._perform(jobs))
            self.assertEqual(results, [2, 2, 1], "two full batches, and one that was not")
        else:
            with self.assertRaises(AttributeError):
                self.engine._delay_lane(2)
            self.assertEqual(self.engine._run_lane_job(2), 2, "nothing is delayed after it")
            self.run_due()
        enrollments.invalidate_recordset()
        self.assertEqual(set(enrollments.mapped("wake_outcome")), {"next"}, "all sleep on the pause")

    def test_setting_is_shown_only_with_queue_job(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.marketing_queue_job_installed, self.installed)
        self.assertTrue(settings.marketing_queue_job)
