"""The Marketing pane of contacts, accounts and leads (S12)."""

from odoo import api, fields, models
from odoo.fields import Domain

from .. import clock
from ..enrollment.reasons import REASONS
from ..enrollment.states import LIVE_STATES

SHOWN_MESSAGES = 30
ANSWERS = [("ok", "May be sent"), *REASONS]


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_email_answer = fields.Selection(ANSWERS, "Emails", compute="_compute_marketing_answers")
    marketing_sms_answer = fields.Selection(ANSWERS, "SMS", compute="_compute_marketing_answers")
    marketing_phone_answer = fields.Selection(ANSWERS, "Calls", compute="_compute_marketing_answers")
    marketing_live_count = fields.Integer("Scenarios now", compute="_compute_marketing_live_count")
    marketing_messages = fields.Json(
        "Marketing messages", compute="_compute_marketing_messages", groups="marketing_scenario.group_scenario_user"
    )
    marketing_score_history_ids = fields.Many2many(
        "marketing.score.line",
        string="Changes of the score",
        compute="_compute_marketing_score_history_ids",
        groups="marketing_scenario.group_scenario_user",
    )
    marketing_submission_ids = fields.Many2many(
        "marketing.engagement.submission",
        string="Forms filled",
        compute="_compute_marketing_submission_ids",
        groups="marketing_scenario.group_scenario_user",
    )

    def _compute_marketing_answers(self):
        """The one answer of S34, for each channel, as it would be now."""
        for channel in ("email", "sms", "phone"):
            blocked = self._origin._blocked(channel)
            for record in self:
                record[f"marketing_{channel}_answer"] = blocked.get(record._origin.id, "ok")

    @api.depends("marketing_enrollment_ids.state")
    def _compute_marketing_live_count(self):
        for record in self:
            live = record.marketing_enrollment_ids.filtered(lambda e: e.state in LIVE_STATES)
            record.marketing_live_count = len(live)

    def _compute_marketing_messages(self):
        """Mails and SMS of scenarios and mass mailings to this very record, the latest first."""
        for record in self:
            # sudo: salespeople may not read Odoo's mailing traces, but may know what was sent to a record they see
            traces = (
                self.env["mailing.trace"]
                .sudo()
                .search(
                    [("model", "=", record._name), ("res_id", "=", record._origin.id)],
                    order="id desc",
                    limit=SHOWN_MESSAGES,
                )
            )
            record.marketing_messages = traces._marketing_pane_rows()

    def _compute_marketing_score_history_ids(self):
        for record in self:
            holder = record._origin._score_holder()
            record.marketing_score_history_ids = holder.marketing_score_line_ids[:20]

    def _compute_marketing_submission_ids(self):
        submissions = self.env["marketing.engagement.submission"]
        for record in self:
            # sudo: who a form belongs to is found by way of leads, which the user may not know at all; the forms that
            # the user may not see are left out just after
            found = submissions.sudo().search(
                record._origin._submission_domain() & Domain("state", "!=", "spam"), limit=20
            )
            record.marketing_submission_ids = found.with_env(self.env)._filtered_access("read")

    @api.onchange("marketing_optin")
    def _onchange_marketing_optin(self):
        """An opt-in noted by hand says when and by whom (S34)."""
        for record in self:
            if record.marketing_optin and not record._origin.marketing_optin:
                record.marketing_optin_date = clock.now(self.env)
                record.marketing_optin_source = self.env._("by hand: %(user)s", user=self.env.user.name)

    def action_marketing_add(self):
        """The "+" of the pane, and the list action: choose the scenario to send these records into."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send into a scenario"),
            "res_model": "marketing.scenario.enroll",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids, "default_door": "hand"},
        }


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def _marketing_pane_rows(self):
        """These messages as rows of the pane's list; the subject is the one really sent, where it is still known."""
        sent = self.env["mail.message"].search_read(
            [("message_id", "in", self.filtered("message_id").mapped("message_id"))], ["message_id", "subject"]
        )
        subjects = {message["message_id"]: message["subject"] for message in sent}
        return [trace._marketing_pane_row(subjects.get(trace.message_id)) for trace in self]

    def _marketing_pane_row(self, subject):
        step = self.mass_mailing_id.marketing_step_id
        moments = {
            "at": self.sent_datetime or self.create_date,
            "opened_at": self._marketing_opened_at(),
            "clicked_at": self.links_click_datetime,
        }
        return {
            "id": self.id,
            "type": self.trace_type,
            "subject": subject or self.mail_mail_id.subject or self.mass_mailing_id.subject or "",
            "origin": step.scenario_id.name or self.mass_mailing_id.name or "",
            "status": self._marketing_status_label(),
            "tone": {"error": "danger", "bounce": "danger", "cancel": "warning"}.get(self.trace_status, "success"),
            **{key: fields.Datetime.to_string(moment) if moment else "" for key, moment in moments.items()},
        }
