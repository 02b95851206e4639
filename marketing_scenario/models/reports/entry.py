from odoo import fields, models

from ..enrollment.reasons import REASONS
from ..enrollment.states import DOORS
from . import sql


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    # entries of a period, of all scenarios or of some
    _entered_idx = models.Index("(entered_at, scenario_id)")


class MarketingReportEntry(models.Model):
    """Who entered, by which door, and whether they reached a goal: a row a run."""

    _name = "marketing.report.entry"
    _description = "Entries and goals"
    _inherit = ["marketing.report.compared"]
    _auto = False
    _order = "entered_at desc, id desc"
    _moment = "entered_at"
    _counted_by = (
        "scenario_id",
        "company_id",
        "door",
        "target_kind",
        "lang",
        "user_id",
        "source_id",
        "currency_id",
    )
    _sums = sql.ENTRY_FIGURES
    _compared_by = ("scenario_id", "company_id", "entered_at", "door", "target_kind", "lang", "user_id", "source_id")
    _averages = {"goal_rate": ("reached", "number"), "days": ("days", "reached")}

    entered_at = fields.Datetime("Entered on", readonly=True)
    door = fields.Selection(DOORS, "Entered by", readonly=True)
    target_kind = fields.Selection(
        [("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], "Kind", readonly=True
    )
    state = fields.Selection(
        [("running", "Running"), ("paused", "Paused"), ("done", "Done"), ("stopped", "Stopped"), ("error", "Error")],
        readonly=True,
    )
    end_reason = fields.Selection(REASONS, "Ended because", readonly=True)
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    reached = fields.Integer("Reached a goal", readonly=True)
    goal_rate = fields.Float("Goal rate", readonly=True, aggregator="avg")
    days = fields.Float("Days to the goal", readonly=True, aggregator="avg")
    value = fields.Monetary("Value of goals", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)

    def _rows(self):
        return sql.entries()

    def _counted(self, hours):
        return sql.counted_entries(hours)
