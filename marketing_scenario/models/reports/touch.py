"""Attribution: which messages opportunities came through (S57)."""

from odoo import api, fields, models

from ..enrollment.states import DOORS
from . import sql

METHODS = [
    ("last", "The last message before gets all"),
    ("first", "The first message before gets all"),
    ("even", "All messages before share it"),
]
FACTS = [("created", "Opportunity created"), ("won", "Opportunity won")]


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    attribution = fields.Selection(
        METHODS,
        string="Opportunities come through",
        default="last",
        required=True,
        help="Messages of all scenarios to the person or the lead, in the 90 days before the opportunity was created "
        "or won, are counted; this says how this scenario's part is told.",
    )


class MarketingReportTouch(models.Model):
    """A row for each message that somebody got before an opportunity of theirs was created, or won."""

    _name = "marketing.report.touch"
    _description = "Opportunities by message"
    _inherit = ["marketing.report"]
    _auto = False
    _order = "at desc, id desc"
    _people = ("opportunity_id", "enrollment_id")

    fact = fields.Selection(FACTS, "What", readonly=True)
    at = fields.Datetime("When", readonly=True)
    opportunity_id = fields.Many2one("crm.lead", readonly=True)
    step_id = fields.Many2one("marketing.scenario.step", "Message", readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    door = fields.Selection(DOORS, "Entered by", readonly=True)
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    created = fields.Float("Opportunities created", readonly=True)
    won = fields.Float("Opportunities won", readonly=True)
    revenue = fields.Monetary(readonly=True)
    revenue_first = fields.Monetary("Revenue, first message", readonly=True)
    revenue_last = fields.Monetary("Revenue, last message", readonly=True)
    revenue_even = fields.Monetary("Revenue, shared", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    def _rows(self):
        return sql.touches(self.env.company.currency_id.id)

    # rows are numbered within their opportunity: looking for rows looks for opportunities, not through all of them

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = fields.Domain(domain)
        leaves = list(domain.iter_conditions())
        if len(leaves) == 1 and (leaves[0].field_expr, leaves[0].operator) == ("id", "in"):
            domain &= fields.Domain("opportunity_id", "in", list({i // sql.TOUCHES for i in leaves[0].value}))
        return super()._search(domain, *args, **kwargs)

    def _as_query(self, ordered=True):
        query = super()._as_query(ordered)
        query.add_where(sql.of_leads(self._table, {i // sql.TOUCHES for i in self.ids}))
        return query
