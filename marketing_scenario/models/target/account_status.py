"""Status of accounts: prospect, customer … (S5)."""

from odoo import api, fields, models


class MarketingAccountStatus(models.Model):
    _name = "marketing.account.status"
    _description = "Account status"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    role = fields.Selection(
        [("prospect", "Prospect"), ("customer", "Customer")],
        help="A won opportunity turns accounts with the status of a prospect, or without status, into customers.",
    )

    _name_unique = models.UniqueIndex("(name)", "This account status exists already.")


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_won_makes_customer = fields.Boolean(
        "A won opportunity makes a customer",
        default=True,
        help="The account of a won opportunity goes from prospect to customer.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    account_status_id = fields.Many2one(
        "marketing.account.status", string="Account status", index="btree_not_null", ondelete="restrict"
    )
    marketing_account_status_id = fields.Many2one(
        "marketing.account.status",
        string="Status of the account",
        compute="_compute_marketing_account_status_id",
        search="_search_marketing_account_status_id",
        compute_sudo=True,
        help="A contact reads the status of its account.",
    )

    @api.depends("commercial_partner_id.account_status_id")
    def _compute_marketing_account_status_id(self):
        for partner in self:
            partner.marketing_account_status_id = partner.commercial_partner_id.account_status_id

    def _search_marketing_account_status_id(self, operator, value):
        return [("commercial_partner_id.account_status_id", operator, value)]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    marketing_account_status_id = fields.Many2one(related="partner_id.marketing_account_status_id")

    def _marketing_watched(self):
        return super()._marketing_watched() | {"won_status"}

    def _marketing_created(self):
        result = super()._marketing_created()
        self.filtered(lambda lead: lead.won_status == "won")._marketing_make_customers()
        return result

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        won = [i for i, (_old, new) in changes.get("won_status", {}).items() if new == "won"]
        self.browse(won)._marketing_make_customers()
        return result

    def _marketing_make_customers(self):
        """The accounts of these won opportunities become customers, where the company wants it (S5)."""
        if not self:
            return
        # sudo: a salesperson who wins the deal may not have the right to change the account
        leads = self.sudo().filtered(
            lambda lead: lead.partner_id and (lead.company_id or lead.env.company).marketing_won_makes_customer
        )
        accounts = leads.partner_id.commercial_partner_id.filtered(
            lambda account: account.account_status_id.role == "prospect" or not account.account_status_id
        )
        customer = accounts and self.env["marketing.account.status"].sudo().search([("role", "=", "customer")], limit=1)
        if customer:
            accounts.account_status_id = customer


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_won_makes_customer = fields.Boolean(related="company_id.marketing_won_makes_customer", readonly=False)
