import operator

from odoo import fields, models

OPERATORS = {">=": operator.ge, "<": operator.lt, "=": operator.eq}


class RuleScore(models.Model):
    """Score of the person compared with a number (S24)."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("score", "Score")], ondelete={"score": "cascade"})
    score_operator = fields.Selection(
        [(">=", "is at least"), ("<", "is below"), ("=", "is exactly")], string="Score", default=">="
    )
    score_value = fields.Integer("Points")

    def _describe_score(self):
        label = dict(self._fields["score_operator"]._description_selection(self.env)).get(self.score_operator, "")
        return {
            "icon": "fa-star-o",
            "events": ["score_changed"],
            "summary": self.env._("score %(comparison)s %(value)s", comparison=label, value=self.score_value),
            "is_dated": True,
        }

    def _match_score(self, enrollments):
        compare = OPERATORS[self.score_operator or ">="]
        return enrollments.browse(
            [i for target, i in enrollments._pairs() if compare(target.marketing_score, self.score_value)]
        )

    def _play_score(self, enrollment):
        for target, _enrollment_id in enrollment._pairs():
            missing = self.score_value - target.marketing_score - (self.score_operator == "<")
            if not self._match(enrollment):
                target._add_score(missing, self.env._("Simulation"))
