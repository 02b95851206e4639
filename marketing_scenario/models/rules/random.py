from odoo import fields, models

from ...tools.draw import LOTS, draw


class RuleRandom(models.Model):
    """Random split in percent (S24). The draw belongs to the run and the step: asked again, it answers the same."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("random", "Random split")], ondelete={"random": "cascade"})
    random_percent = fields.Float(
        "Percent", default=50.0, help="In a Switch, the percentages of the cases add up: 30, 30, otherwise 40."
    )

    _random_percent_valid = models.Constraint(
        "CHECK (random_percent IS NULL OR random_percent BETWEEN 0 AND 100)", "A random split is 0 to 100 percent."
    )

    def _describe_random(self):
        return {
            "icon": "fa-random",
            "summary": self.env._("%(percent)s %% at random", percent=f"{self.random_percent:g}"),
            "is_dated": True,
        }

    def _validate_random(self):
        if self._random_offset() + self.random_percent > 100:
            return [self.env._("the random splits of the cases add up to more than 100 %%. Lower one.")]
        return []

    def _match_random(self, enrollments):
        first = round(self._random_offset() * LOTS / 100)
        last = first + round(self.random_percent * LOTS / 100)
        return enrollments.browse([i for i in enrollments.ids if first <= self._draw(i) < last])

    def _draw(self, enrollment_id):
        """A number from 0 to 9999, always the same for this run on this step."""
        return draw(f"{self.owner_step_id.id}-{enrollment_id}")

    def _random_offset(self):
        """Percent given away by the earlier cases of a Switch."""
        cases = self.owner_step_id.case_ids if self.case_id else self.case_id
        earlier = cases[: cases.ids.index(self.case_id.id)] if self.case_id in cases else cases.browse()
        return sum(earlier.rule_ids.filtered(lambda rule: rule.kind == "random").mapped("random_percent"))
