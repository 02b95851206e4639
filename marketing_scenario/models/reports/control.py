"""Those who walk beside the control group, to be counted by anything (S58)."""

from odoo import fields, models

from ..goals import sql


class MarketingReportControl(models.Model):
    """A row a person of a scenario that has a control group, of those whom the scenario compares: since the share was
    last changed, once, however often they entered."""

    _name = "marketing.report.control"
    _description = "With and without the scenario"
    _inherit = ["marketing.report"]
    _auto = False
    _order = "entered_at desc, id desc"

    side = fields.Selection([("walked", "Walk"), ("held", "Control group")], "Group", readonly=True)
    entered_at = fields.Datetime("Entered on", readonly=True)
    target_kind = fields.Selection(
        [("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], "Kind", readonly=True
    )
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    people = fields.Integer(readonly=True)
    reached = fields.Integer("Reached a goal", readonly=True)
    goal_rate = fields.Float("Goal rate", readonly=True, aggregator="avg")
    days = fields.Float("Days to the goal", readonly=True, aggregator="avg")
    value = fields.Monetary("Value of goals", readonly=True)
    value_each = fields.Float("Value of goals per person", readonly=True, aggregator="avg")
    currency_id = fields.Many2one("res.currency", readonly=True)

    def _rows(self):
        return sql.compared_people()
