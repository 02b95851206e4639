from odoo import fields, models
from odoo.fields import Domain

from ..enrollment.states import DOORS
from . import sql


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    # the messages of scenarios by when they left
    _marketing_sent_idx = models.Index(
        "((coalesce(sent_datetime, create_date)), mass_mailing_id) WHERE marketing_enrollment_id IS NOT NULL"
    )


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def action_trial_people(self):
        """The messages that the test of variants counts, by version."""
        self.ensure_one()
        self.check_access("read")
        step = self._tried()
        since = Domain("sent_at", ">=", step.trial_since) if step.trial_since else Domain.TRUE
        mine = list(since & Domain("step_id", "=", step.id))
        return self.env["marketing.report.message"]._action_rows(step.name, mine, "variant")


class MarketingReportMessage(models.Model):
    """What became of the messages that left: a row a message."""

    _name = "marketing.report.message"
    _description = "Messages of scenarios"
    _inherit = ["marketing.report.compared"]
    _auto = False
    _order = "sent_at desc, id desc"
    _moment = "sent_at"
    _counted_by = (
        "scenario_id",
        "company_id",
        "step_id",
        "variant_id",
        "trace_type",
        "door",
        "lang",
        "user_id",
        "source_id",
    )
    _sums = sql.MESSAGE_FIGURES
    _compared_by = ("scenario_id", "company_id", "door", "lang", "user_id", "source_id")
    _compared_over = ("sent_at",)
    _averages = {"open_rate": ("opened", "delivered"), "click_rate": ("clicked", "delivered")}

    step_id = fields.Many2one("marketing.scenario.step", "Message", readonly=True)
    variant_id = fields.Many2one("marketing.scenario.variant", readonly=True, help="Empty: the original.")
    trace_type = fields.Selection([("mail", "Email"), ("sms", "SMS")], "Channel", readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    door = fields.Selection(DOORS, "Entered by", readonly=True)
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    sent = fields.Integer(readonly=True)
    delivered = fields.Integer(readonly=True)
    opened = fields.Integer(readonly=True)
    opened_by_machine = fields.Integer("Opened by a machine only", readonly=True)
    clicked = fields.Integer(readonly=True)
    replied = fields.Integer("Answered", readonly=True)
    bounced = fields.Integer(readonly=True)
    failed = fields.Integer("Not sent: error", readonly=True)
    opted_out = fields.Integer("Unsubscribed", readonly=True)
    open_rate = fields.Float("Opening rate", readonly=True, aggregator="avg")
    click_rate = fields.Float("Click rate", readonly=True, aggregator="avg")

    def _rows(self):
        return sql.messages()

    def _counted(self, hours):
        return sql.counted_messages(hours)
