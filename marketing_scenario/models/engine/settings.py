"""Settings of the engine's operation: lanes, retention, late alert."""

from odoo import api, fields, models

from .health import ALERT_MINUTES, DEFAULT_ALERT_MINUTES
from .queue_job import PARAMETER as QUEUE_JOB
from .retention import PARAMETER as RETENTION_DAYS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_lane_count = fields.Integer("Lanes")
    marketing_queue_job = fields.Boolean("Queue jobs help", config_parameter=QUEUE_JOB)
    marketing_queue_job_installed = fields.Boolean("queue_job is installed")
    marketing_retention_days = fields.Integer("Keep finished runs (days)", config_parameter=RETENTION_DAYS)
    marketing_alert_minutes = fields.Integer(
        "Alert when late by (minutes)", config_parameter=ALERT_MINUTES, default=DEFAULT_ALERT_MINUTES
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        engine = self.env["marketing.scenario.engine"]
        values["marketing_lane_count"] = len(engine._lanes())
        values["marketing_queue_job_installed"] = engine._has_queue_job()
        return values

    def set_values(self):
        result = super().set_values()
        engine = self.env["marketing.scenario.engine"]
        if self.marketing_lane_count != len(engine._lanes()):
            engine._set_lane_count(self.marketing_lane_count)
        return result
