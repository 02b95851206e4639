"""Odoo's mailing lists, as something that filters can ask for: who is on a list by their address (S15)."""

from odoo import api, fields, models
from odoo.fields import Domain


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_mailing_list_ids = fields.Many2many(
        "mailing.list",
        string="Mailing lists",
        compute="_compute_marketing_mailing_list_ids",
        search="_search_marketing_mailing_list_ids",
        groups="mass_mailing.group_mass_mailing_user",
        help="Lists on which the email address of the record is, without having opted out of them.",
    )

    @api.depends("email_normalized")
    def _compute_marketing_mailing_list_ids(self):
        addresses = [address for address in self.mapped("email_normalized") if address]
        listed = self.env["mailing.contact"].search([("email_normalized", "in", addresses)])
        by_address = listed.grouped("email_normalized")
        for record in self:
            subscriptions = by_address.get(record.email_normalized, listed.browse()).subscription_ids
            record.marketing_mailing_list_ids = subscriptions.filtered(lambda one: not one.opt_out).list_id

    @api.model
    def _search_marketing_mailing_list_ids(self, operator, value):
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        lists = (
            Domain("list_id", operator, value) if operator != "in" else Domain("list_id", "in", set(value) - {False})
        )
        listed = self.env["mailing.contact"]._search(
            [("subscription_ids", "any", lists & Domain("opt_out", "=", False)), ("email_normalized", "!=", False)]
        )
        found = Domain("email_normalized", "in", listed.subselect("email_normalized"))
        if operator == "in" and False in value:
            anywhere = self._search_marketing_mailing_list_ids("any", Domain.TRUE)
            return found | ~anywhere
        return found
