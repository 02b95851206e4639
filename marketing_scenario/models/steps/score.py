from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StepScore(models.Model):
    """Score: add points, or reset; one or the other (S27, R62)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("score", "Score")], ondelete={"score": "cascade"})
    score_action = fields.Selection(
        [("add", "Add points"), ("reset", "Reset to 0")], string="Score action", default="add", required=True
    )
    score_points = fields.Integer("Points", help="A negative number takes points away.")

    @api.onchange("score_action")
    def _onchange_score_action(self):
        if self.score_action == "reset":
            self.score_points = 0

    @api.constrains("score_action", "score_points")
    def _check_score(self):
        for step in self:
            if step.score_action == "reset" and step.score_points:
                raise ValidationError(
                    self.env._(
                        "%(step)s: add points or reset the score, not both. Set the points to 0.", step=step.name
                    )
                )

    def _describe_score(self):
        return {
            "family": "action",
            "place": 30,
            "icon": "fa-star-half-o",
            "outcomes": [("next", self.env._("Next"))],
            "summary": self._score_summary() if self else "",
        }

    def _score_summary(self):
        if self.score_action == "reset":
            return self.env._("reset to 0")
        return self.env._("%(points)+d points", points=self.score_points)

    def _validate_score(self):
        if self.score_action == "add" and not self.score_points:
            return [
                self._issue(
                    "no_points", self.env._("no points. Give a number, or reset the score."), field="score_points"
                )
            ]
        return []

    def _execute_score(self, decisions, enrollments):
        for records in enrollments._targets().values():
            if self.score_action == "reset":
                records._reset_score(self.name, source=self.scenario_id.name)
            else:
                records._add_score(self.score_points, self.name, source=self.scenario_id.name)
        decisions.advance(enrollments)
