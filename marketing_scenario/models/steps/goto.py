from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..enrollment import sql


class StepGoto(models.Model):
    """Go to a step of the same scenario (S26, R58, M-9)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("goto", "Go to a step")], ondelete={"goto": "cascade"})
    goto_step_id = fields.Many2one(
        "marketing.scenario.step",
        string="Target step",
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        domain="[('scenario_id', '=', scenario_id), ('id', '!=', id)]",
    )

    @api.constrains("goto_step_id", "scenario_id")
    def _check_goto_step_id(self):
        for step in self:
            if step.goto_step_id and step.goto_step_id.scenario_id != step.scenario_id:
                raise ValidationError(
                    self.env._(
                        "%(step)s: the target step “%(target)s” belongs to another scenario. "
                        "Choose a step of this scenario, or use “Launch a scenario”.",
                        step=step.name,
                        target=step.goto_step_id.name,
                    )
                )

    def _describe_goto(self):
        return {
            "family": "redirection",
            "place": 10,
            "reads_path": True,
            "icon": "fa-share",
            "outcomes": [],
            "jump": self.goto_step_id,
            "summary": f"→ {self.goto_step_id.name}" if self.goto_step_id else "",
        }

    def _validate_goto(self):
        if not self.goto_step_id:
            return [
                self._issue("no_target", self.env._("no target step. Choose the step to go to."), field="goto_step_id")
            ]
        if self.goto_step_id == self:
            return [
                self._issue("no_target", self.env._("it points at itself. Choose another step."), field="goto_step_id")
            ]
        return []

    def _kept_by(self):
        reasons = super()._kept_by()
        jumps = self.search(
            [("goto_step_id", "in", self.ids), ("id", "not in", self.ids), ("scenario_id.state", "=", "active")]
        )
        return reasons + [
            self.env._(
                "“%(goto)s” sends people to “%(step)s”. Let it point to another step first.",
                goto=jump.name,
                step=jump.goto_step_id.name,
            )
            for jump in jumps
        ]

    def _copy_references_to(self, copied, copies):
        result = super()._copy_references_to(copied, copies)
        if self.goto_step_id:
            copied.goto_step_id = copies[self.goto_step_id.id]
        return result

    def _execute_goto(self, decisions, enrollments):
        if not self.goto_step_id:
            decisions.fail(enrollments, self.env._("The go-to step has no target step."))
            return
        # it has come to the target once by itself, and once for each time it was sent there
        jumps = sql.jumps(self.env.cr, enrollments.ids, self.search([("goto_step_id", "=", self.goto_step_id.id)]).ids)
        limit = self.scenario_id.visit_limit
        tired = enrollments.browse([i for i in enrollments.ids if jumps.get(i, 0) + 1 >= limit])
        decisions.stop(tired, "visit_limit")
        decisions.goto(enrollments - tired, self.goto_step_id)
