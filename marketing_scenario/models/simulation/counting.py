"""In a forecast, messages are counted, not composed: who would get one, at which address and when."""

from odoo import api, models

from .. import clock
from ..dry import is_dry
from . import sql


def is_counted(env):
    """Whether messages are counted only in this environment."""
    return is_dry(env) and env.cr.counts_messages


class MarketingScenarioChannelMail(models.AbstractModel):
    _inherit = "marketing.scenario.channel.mail"

    @api.model
    def _queue(self, step, enrollments, content):
        if is_counted(self.env):
            return _count(step, enrollments, "mail", "marketing_email_normalized")
        return super()._queue(step, enrollments, content)


class MarketingScenarioChannelSms(models.AbstractModel):
    _inherit = "marketing.scenario.channel.sms"

    @api.model
    def _queue(self, step, enrollments, text, sender_name=False, stop=False):
        if is_counted(self.env):
            return _count(step, enrollments, "sms", "marketing_phone")
        return super()._queue(step, enrollments, text, sender_name, stop)


def _count(step, enrollments, trace_type, address):
    """Note one message each as sent; returns ``{enrollment id: mailing.trace id}`` as the channels do."""
    found = {}
    for model in enrollments._targets():
        rows = [
            (enrollment_id, record.id, record[address])
            for record, enrollment_id in enrollments._pairs()
            if record._name == model and record[address]
        ]
        mailing = step.sudo()._mail_mailing(model) if rows else None
        if mailing:
            now = clock.now(step.env)
            found |= sql.count_messages(step.env.cr, trace_type, model, mailing.id, rows, now)
    if found:
        step.env["mailing.trace"].invalidate_model()
    return found
