"""Indexes by which the facts of the last hour are found, however many there are of earlier times (see ``dormant``)."""

from odoo import models


class MailMessage(models.Model):
    _inherit = "mail.message"

    _marketing_fact_idx = models.Index(
        "(date) WHERE model IN ('res.partner', 'crm.lead') AND message_type IN ('email', 'comment')"
    )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    _marketing_done_idx = models.Index("(marketing_done_at) WHERE marketing_done_at IS NOT NULL")
    _marketing_planned_idx = models.Index("(create_date) WHERE automated IS NOT TRUE")


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    _marketing_click_idx = models.Index("(links_click_datetime) WHERE links_click_datetime IS NOT NULL")


class ResPartner(models.Model):
    _inherit = "res.partner"

    _marketing_created_idx = models.Index("(create_date)")
