from odoo import api, fields, models


class ActionScore(models.Model):
    """Add points to the score of the person (S4, S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(selection_add=[("score", "Add score")], ondelete={"score": "cascade"})
    score_points = fields.Integer("Points", default=10)

    @api.depends("score_points")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_score(self):
        return {"summary": self.env._("add %(points)s to the score", points=self.score_points)}

    def _run_score(self, records):
        records._add_score(self.score_points, self.env._("Automation"), self.automatism_id.name)
