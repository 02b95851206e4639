"""Deliverability guard (S36): too many bounces suspend what a scenario sends; no one is lost, the owner is told."""

from datetime import timedelta

from odoo import fields, models

from .. import clock
from .frequency_cap import CHANNELS

INVALID = ("mail_bounce", "mail_email_invalid", "sms_number_format", "sms_invalid_destination", "sms_rejected")
UNSENT = ("outgoing", "process", "cancel")


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_bounce_limit = fields.Float("Bounces allowed (%)", default=5.0, help="0: never suspend.")
    marketing_bounce_sample = fields.Integer("Of the last messages", default=200)

    _marketing_bounce_valid = models.Constraint(
        "CHECK (coalesce(marketing_bounce_limit, 0) BETWEEN 0 AND 100 AND coalesce(marketing_bounce_sample, 1) > 0)",
        "The limit of bounces is a percentage, of a number of messages of at least 1.",
    )


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    sending_suspended_at = fields.Datetime(
        "Sending suspended on",
        readonly=True,
        copy=False,
        help="Too many bounces: messages wait until a manager resumes.",
    )
    bounce_after_trace = fields.Integer(copy=False, help="Messages up to this one are forgiven.")

    def _judge_bounces(self):
        """Suspend those of these scenarios whose last messages bounced too often, and tell their owners."""
        for scenario in self.filtered(lambda scenario: not scenario.sending_suspended_at):
            company = scenario.company_id or scenario.env.company
            limit, sample = company.marketing_bounce_limit, company.marketing_bounce_sample or 200
            bounced = scenario._bounced_among(sample) if limit else 0
            # few messages: one bounce of ten is no reason, so the whole sample is the measure
            if bounced * 100 > limit * sample:
                scenario.sending_suspended_at = clock.now(self.env)
                scenario._tell_suspended(bounced, sample)

    def _bounced_among(self, sample):
        mailings = (
            self.env["mailing.mailing"]
            .with_context(active_test=False)
            .search([("marketing_step_id.scenario_id", "=", self.id)])
        )
        last = self.env["mailing.trace"].search(
            [
                ("mass_mailing_id", "in", mailings.ids),
                ("id", ">", self.bounce_after_trace),
                ("trace_status", "not in", UNSENT),
            ],
            order="id desc",
            limit=sample,
        )
        return len(last.filtered(lambda trace: trace.trace_status == "bounce" or trace.failure_type in INVALID))

    def _tell_suspended(self, bounced, sample):
        language = self.user_id.lang
        texts = self.with_context(lang=language) if language else self
        self.message_post(
            subject=texts.env._("Sending suspended in %(name)s", name=self.name),
            body=texts.env._(
                "%(bounced)s of the last %(sample)s messages bounced. Messages of this scenario wait. "
                "Check the addresses, then press “Resume sending”.",
                bounced=bounced,
                sample=sample,
            ),
            partner_ids=self.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def action_resume_sending(self):
        """Send again; those who waited go on evenly spread over an hour, earlier bounces are forgiven."""
        self.check_access("write")
        # sudo: the last message's number, and enrollments that only methods write
        last = self.env["mailing.trace"].sudo().search([], order="id desc", limit=1).id
        self.write({"sending_suspended_at": False, "bounce_after_trace": last})
        for scenario in self.sudo():
            waiting = scenario.enrollment_ids.search(
                [("scenario_id", "=", scenario.id), ("wait_reason", "=", "suspended"), ("state", "=", "running")]
            )
            waiting._spread(timedelta(hours=1))
        self.env["marketing.scenario.engine"]._wake()
        return True


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_bounce_guard(self, decisions, enrollments, channel):
        """Messages of a suspended scenario wait; return those who may go on."""
        if channel not in CHANNELS or not self.scenario_id.sending_suspended_at:
            return enrollments
        decisions.wait(enrollments, decisions.now + timedelta(days=1), reason="suspended")
        return enrollments.browse()


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("trace_status") in ("bounce", "error"):
            # sudo: a delivery report comes from outside, no one is logged in
            self.sudo().mass_mailing_id.marketing_step_id.scenario_id._judge_bounces()
        return result
