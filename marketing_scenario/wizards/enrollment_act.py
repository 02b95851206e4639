from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioEnrollmentAct(models.TransientModel):
    """Move enrollments to another step, or give them another moment (S12, S42)."""

    _name = "marketing.scenario.enrollment.act"
    _description = "Move or reschedule enrollments"

    enrollment_ids = fields.Many2many(
        "marketing.scenario.enrollment", "marketing_enrollment_act_rel", string="People", readonly=True
    )
    mode = fields.Selection([("move", "Move"), ("reschedule", "Reschedule")], required=True)
    scenario_id = fields.Many2one("marketing.scenario", compute="_compute_scenario_id")
    people_count = fields.Integer("How many", compute="_compute_scenario_id")
    step_id = fields.Many2one("marketing.scenario.step", "Step to go to", ondelete="cascade")
    moment = fields.Datetime("Next moment")

    @api.depends("enrollment_ids")
    def _compute_scenario_id(self):
        for wizard in self:
            scenarios = wizard.enrollment_ids.scenario_id
            wizard.scenario_id = scenarios if len(scenarios) == 1 else False
            wizard.people_count = len(wizard.enrollment_ids)

    def action_confirm(self):
        """Do it.

        :raise UserError: nothing chosen, or enrollments of several scenarios are to be moved
        :raise AccessError: the user may not change a target
        """
        self.ensure_one()
        if self.mode == "reschedule":
            if not self.moment:
                raise UserError(self.env._("Choose the next moment."))
            self.enrollment_ids._reschedule(self.moment)
        elif not self.scenario_id:
            raise UserError(self.env._("These people are in several scenarios. Choose rows of one scenario."))
        elif not self.step_id:
            raise UserError(self.env._("Choose the step to go to."))
        else:
            self.enrollment_ids.move_to(self.step_id)
        return {"type": "ir.actions.act_window_close"}
