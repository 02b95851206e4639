from odoo import fields, models

from ..enrollment.states import DOORS
from . import sql


class LinkTrackerClick(models.Model):
    _inherit = "link.tracker.click"

    # clicks of a period, in messages
    _marketing_idx = models.Index("(create_date) WHERE mailing_trace_id IS NOT NULL")


class MarketingReportClick(models.Model):
    """Which links were clicked: a row a click."""

    _name = "marketing.report.click"
    _description = "Clicks in messages of scenarios"
    _inherit = ["marketing.report.compared"]
    _auto = False
    _order = "clicked_at desc, id desc"
    _compared_by = ("scenario_id", "company_id", "door", "lang", "user_id", "source_id")
    _compared_over = ("clicked_at",)

    step_id = fields.Many2one("marketing.scenario.step", "Message", readonly=True)
    clicked_at = fields.Datetime("Clicked on", readonly=True)
    door = fields.Selection(DOORS, "Entered by", readonly=True)
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    url = fields.Char("Address", readonly=True)
    label = fields.Char("Link", readonly=True)

    def _rows(self):
        return sql.clicks()
