from odoo import api, fields, models
from odoo.tools import format_datetime


class PausePreview(models.Model):
    """The moment a pause would end for somebody who comes to it now: computed as the engine does (S31)."""

    _inherit = "marketing.scenario.step"

    pause_preview = fields.Char(compute="_compute_pause_preview")

    @api.depends("step_type", "pause_mode", "pause_days", "pause_hours", "pause_date", "pause_has_time", "pause_time")
    @api.depends_context("tz", "lang")
    def _compute_pause_preview(self):
        now = self.env["marketing.scenario.engine"]._now()
        zone = self.env.user.tz or (self.company_id[:1] or self.env.company).partner_id.tz or "UTC"
        for step in self:
            step.pause_preview = False
            if step.step_type != "pause" or step.pause_mode == "date" and not step.pause_date:
                continue
            end = step._pause_end(now, zone)
            if end <= now:
                step.pause_preview = self.env._("Whoever comes to this pause now leaves it at once.")
            else:
                step.pause_preview = self.env._(
                    "Whoever comes to this pause now leaves it on %(moment)s (%(zone)s).",
                    moment=format_datetime(self.env, end, tz=zone),
                    zone=zone,
                )
