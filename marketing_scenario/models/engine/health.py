"""Health of the engine, for the manager: is everything moving? (S44, operations)"""

from datetime import timedelta

from odoo import api, fields, models

from .. import clock
from . import sql

ALERT_MINUTES = "marketing_scenario.alert_minutes"
ALERTED_AT = "marketing_scenario.alerted_at"
DEFAULT_ALERT_MINUTES = 60


class MarketingScenarioHealth(models.TransientModel):
    _name = "marketing.scenario.health"
    _description = "Health of the marketing engine"

    due_count = fields.Integer("Due now", compute="_compute_figures")
    oldest_due_at = fields.Datetime("Oldest due since", compute="_compute_figures")
    late_minutes = fields.Integer("Late by (minutes)", compute="_compute_figures")
    hour_count = fields.Integer("Steps in the last hour", compute="_compute_figures")
    next_due_at = fields.Datetime("Next wake-up", compute="_compute_figures")
    error_ids = fields.One2many("marketing.scenario.step", string="Steps with errors", compute="_compute_errors")
    # scheduled actions are the business of administrators
    lane_ids = fields.One2many(
        "ir.cron", string="Lanes", compute="_compute_lanes", compute_sudo=True, groups="base.group_system"
    )
    is_late = fields.Boolean(compute="_compute_figures")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Engine health")

    def _compute_figures(self):
        now = clock.now(self.env)
        due, oldest = sql.due(self.env.cr, now)
        moved = sql.traces_since(self.env.cr, now - timedelta(hours=1))
        coming = sql.next_due(self.env.cr)
        for page in self:
            page.due_count = due
            page.oldest_due_at = oldest
            page.late_minutes = (now - oldest).total_seconds() // 60 if oldest else 0
            page.hour_count = moved
            page.next_due_at = coming
            page.is_late = page.late_minutes > page._alert_minutes()

    def _compute_errors(self):
        groups = self.env["marketing.scenario.enrollment"]._read_group([("state", "=", "error")], ["step_id"])
        steps = self.env["marketing.scenario.step"].union(*(step for (step,) in groups))
        for page in self:
            page.error_ids = steps

    def _compute_lanes(self):
        for page in self:
            page.lane_ids = self.env["marketing.scenario.engine"]._lanes()

    @api.model
    def action_open(self):
        """Open the health page with fresh figures."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Engine health"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "view_mode": "form",
            "target": "current",
        }

    def action_run_now(self):
        """Wake all lanes."""
        self.env["marketing.scenario.engine"]._wake()
        self.env["marketing.scenario.engine"]._call_for_help()
        return self.action_open()

    @api.model
    def _alert_minutes(self):
        # sudo: a plain figure of the settings
        return int(self.env["ir.config_parameter"].sudo().get_param(ALERT_MINUTES, DEFAULT_ALERT_MINUTES))

    @api.model
    def _cron_alert(self):
        """Tell the managers once when the oldest due enrollment is older than the setting."""
        now = clock.now(self.env)
        due, oldest = sql.due(self.env.cr, now)
        parameters = self.env["ir.config_parameter"].sudo()  # sudo: remembers that the alert was given
        late = bool(oldest) and now - oldest > timedelta(minutes=self._alert_minutes())
        if late and not parameters.get_param(ALERTED_AT):
            parameters.set_param(ALERTED_AT, fields.Datetime.to_string(now))
            self._alert_managers(due, oldest)
        elif not late and parameters.get_param(ALERTED_AT):
            parameters.set_param(ALERTED_AT, False)

    def _alert_managers(self, due, oldest):
        managers = self.env.ref("marketing_scenario.group_scenario_manager").user_ids.filtered("active")
        for manager in managers:
            texts = self.with_context(lang=manager.lang)
            self.env["mail.thread"].message_notify(
                partner_ids=manager.partner_id.ids,
                subject=texts.env._("Marketing scenarios are late"),
                body=texts.env._(
                    "%(count)s people wait for their next step, the oldest since %(since)s (UTC). "
                    "See Marketing scenarios › Configuration › Engine health; check that Odoo's scheduled actions run.",
                    count=due,
                    since=oldest,
                ),
            )
