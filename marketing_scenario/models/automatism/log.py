from datetime import timedelta

from odoo import api, fields, models

from .. import clock
from ..conflicts import nightly
from . import sql

KEPT_DAYS = 90


class MarketingAutomatismLog(models.Model):
    """For which record an automation fired, or did not and why; kept for 90 days. Names no one: ids only (S37)."""

    _name = "marketing.automatism.log"
    _description = "Automation log"
    _order = "id desc"
    _log_access = False

    automatism_id = fields.Many2one(
        "marketing.automatism", string="Automation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="automatism_id.company_id")
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    record_name = fields.Char("Name", compute="_compute_record_name")
    at = fields.Datetime("Moment", required=True)
    outcome = fields.Selection([("fired", "Fired"), ("blocked", "Left out")], required=True)
    reason = fields.Selection(
        [
            ("loop", "Caused by this automation itself"),
            ("depth", "Too many automations set off one another"),
            ("too_often", "Fired too often for this record today"),
            ("no_right", "Who set the automation may not change this record"),
        ]
    )

    _record_idx = models.Index("(res_model, res_id, automatism_id, at)")

    def _compute_record_name(self):
        for model, logs in self.grouped("res_model").items():
            allowed = self.env[model].browse(set(logs.mapped("res_id"))).exists()._filtered_access("read")
            names = {record.id: record.display_name for record in allowed}
            for log in logs:
                log.record_name = names.get(log.res_id, f"{model},{log.res_id}")

    @api.model
    def _add(self, automatism, events, reason=None):
        """One row per event; ``reason`` says why the automation left them out."""
        if events:
            outcome = "blocked" if reason else "fired"
            sql.log_events(self.env.cr, automatism.id, events.ids, outcome, reason, clock.now(self.env))
            automatism.invalidate_recordset(["log_ids"])

    @api.model
    def _add_refused(self, automatism, records, reason):
        """One row per record that the automation was to change and did not."""
        now = clock.now(self.env)
        self.create(
            [
                {
                    "automatism_id": automatism.id,
                    "res_model": record._name,
                    "res_id": record.id,
                    "at": now,
                    "outcome": "blocked",
                    "reason": reason,
                }
                for record in records
            ]
        )

    @api.model
    def _too_often(self, automatism, records, limit):
        """Ids of those of ``records`` for which the automation fired ``limit`` times within the last day."""
        since = clock.now(self.env) - timedelta(days=1)
        counts = self._read_group(
            [
                ("automatism_id", "=", automatism.id),
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("at", ">", since),
                ("outcome", "=", "fired"),
            ],
            ["res_id"],
            having=[("__count", ">=", limit)],
        )
        return {res_id for (res_id,) in counts}

    def action_open_record(self):
        """Open the contact or lead."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    @nightly
    def _gc_logs(self):
        """Forget what is older than 90 days."""
        before = clock.now(self.env) - timedelta(days=KEPT_DAYS)
        self.search([("at", "<", before)], limit=10000).unlink()
