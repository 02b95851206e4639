from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.notice import notice


class MarketingScenarioEnrollmentAct(models.TransientModel):
    """Move enrollments to another step, give them another moment, or put them back after they left (S12, S42)."""

    _name = "marketing.scenario.enrollment.act"
    _description = "Move, reschedule or put back enrollments"

    enrollment_ids = fields.Many2many(
        "marketing.scenario.enrollment", "marketing_enrollment_act_rel", string="People", readonly=True
    )
    mode = fields.Selection([("move", "Move"), ("reschedule", "Reschedule"), ("put_back", "Put back")], required=True)
    scenario_id = fields.Many2one("marketing.scenario", compute="_compute_scenario_id")
    people_count = fields.Integer("How many", compute="_compute_scenario_id")
    step_id = fields.Many2one("marketing.scenario.step", "Step to go to", ondelete="cascade")
    again_count = fields.Integer("Passed it before", compute="_compute_again_count")
    moment = fields.Datetime("Next moment")
    time_away = fields.Selection(
        [
            ("keep", "What was left of their wait is left of it still"),
            ("count", "Their wait ran on meanwhile: who has waited enough goes on at once"),
        ],
        string="The time they were out",
        default="keep",
        required=True,
    )
    returning_count = fields.Integer("Go back to their step", compute="_compute_returning")
    rejections = fields.Text("Cannot go back", compute="_compute_returning")

    @api.depends("enrollment_ids")
    def _compute_scenario_id(self):
        for wizard in self:
            scenarios = wizard.enrollment_ids.scenario_id
            wizard.scenario_id = scenarios if len(scenarios) == 1 else False
            wizard.people_count = len(wizard.enrollment_ids)

    @api.depends("enrollment_ids", "step_id")
    def _compute_again_count(self):
        for wizard in self:
            step = wizard.step_id._origin
            theirs = Domain("step_id", "=", step.id) & Domain("enrollment_id", "in", wizard.enrollment_ids._origin.ids)
            # sudo: a figure only
            traces = self.env["marketing.scenario.trace"].sudo()
            [[count]] = traces._read_group(theirs & step._passed_domain(), aggregates=["enrollment_id:count_distinct"])
            wizard.again_count = count if step else 0

    @api.depends("enrollment_ids", "mode")
    @api.depends_context("lang")
    def _compute_returning(self):
        reasons = dict(self.env["marketing.scenario.enrollment"]._fields["end_reason"]._description_selection(self.env))
        for wizard in self:
            runs = wizard.enrollment_ids._origin
            rejected = runs._put_back_rejections() if wizard.mode == "put_back" else {}
            wizard.returning_count = len(runs) - len(rejected)
            counts = Counter(rejected.values())
            wizard.rejections = "\n".join(
                self.env._("%(reason)s: %(count)s", reason=reasons[reason], count=count)
                for reason, count in counts.most_common()
            )

    def action_confirm(self):
        """Do it.

        :return: notice of what became of many; who cannot be put back was told before
        :raise UserError: nothing chosen, or the step is of another scenario
        :raise AccessError: the user may not change a target
        """
        self.ensure_one()
        if self.mode == "put_back":
            rejected = self.enrollment_ids._put_back(keep_time=self.time_away == "keep")
            told = notice(self.env._("Put back: %(count)s.", count=self.people_count - len(rejected)))
        elif self.mode == "reschedule":
            if not self.moment:
                raise UserError(self.env._("Choose the next moment."))
            told = self.enrollment_ids._reschedule(self.moment)
        elif not self.step_id:
            raise UserError(self.env._("Choose the step to go to."))
        else:
            told = self.enrollment_ids.move_to(self.step_id)
        return told if isinstance(told, dict) else {"type": "ir.actions.act_window_close"}
