from odoo import fields, models

from .reasons import REASONS
from .states import PASSED


class MarketingScenarioTrace(models.Model):
    """What happened to an enrollment on a step; rows are added, never changed."""

    _name = "marketing.scenario.trace"
    _description = "Scenario trace"
    _order = "id desc"
    _inherit = ["marketing.target.visibility"]
    _log_access = False

    enrollment_id = fields.Many2one("marketing.scenario.enrollment", required=True, ondelete="cascade", index=True)
    scenario_id = fields.Many2one("marketing.scenario", ondelete="cascade")
    step_id = fields.Many2one("marketing.scenario.step", ondelete="set null")
    at = fields.Datetime("Moment", required=True)
    outcome = fields.Char("Way out", help="The way out by which the step was left; empty when it was not.")
    event = fields.Char(help="What happened, when it is more than leaving the step: entered, skipped, error …")
    reason = fields.Selection(REASONS)
    message = fields.Text()
    mailing_trace_id = fields.Many2one("mailing.trace", string="Sent message", ondelete="set null")

    # counts per step, and the foreign key when a step is deleted
    _step_event_idx = models.Index("(step_id, event, outcome)")
    # who passed a step, in the order in which they entered: the funnel reads nothing else of the table
    _passed_idx = models.Index(f"(step_id, enrollment_id) WHERE {PASSED}")
    # the foreign key when a mailing trace is deleted
    _mailing_trace_idx = models.Index("(mailing_trace_id) WHERE mailing_trace_id IS NOT NULL")
    _scenario_idx = models.Index("(scenario_id, at)")

    def _visible_domain(self):
        return self._may_read("enrollment_id")
