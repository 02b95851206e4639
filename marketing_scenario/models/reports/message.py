from odoo import fields, models

from .. import clock
from ..enrollment.states import DOORS
from . import sql


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_opted_out_at = fields.Datetime("Opted out on", readonly=True)

    # the messages of scenarios by when they left
    _marketing_sent_idx = models.Index(
        "((coalesce(sent_datetime, create_date)), mass_mailing_id) WHERE marketing_enrollment_id IS NOT NULL"
    )


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    def _marketing_opted_out(self, recipient, channel):
        """The message by which somebody opted out is known by it."""
        result = super()._marketing_opted_out(recipient, channel)
        # sudo: the visitor of the public page has no rights on mailings
        traces = self.env["mailing.trace"].sudo()
        mine = [("mass_mailing_id", "=", self.id), ("model", "=", recipient._name), ("res_id", "=", recipient.id)]
        latest = traces.search(mine, order="id desc", limit=1)
        latest.marketing_opted_out_at = clock.now(self.env)
        return result


class MarketingReportMessage(models.Model):
    """What became of the messages that left: a row a message."""

    _name = "marketing.report.message"
    _description = "Messages of scenarios"
    _inherit = ["marketing.report"]
    _auto = False
    _order = "sent_at desc, id desc"
    _moment = "sent_at"
    _counted_by = ("scenario_id", "company_id", "step_id", "trace_type", "door", "lang", "user_id", "source_id")
    _sums = sql.MESSAGE_FIGURES
    _averages = {"open_rate": ("opened", "delivered"), "click_rate": ("clicked", "delivered")}

    step_id = fields.Many2one("marketing.scenario.step", "Message", readonly=True)
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
