from odoo import fields, models


class MarketingScenarioRuleHolder(models.AbstractModel):
    """What has rules combined with AND or OR: an IF step, a case of a Switch, a goal. Needs ``rule_ids``."""

    _name = "marketing.scenario.rule.holder"
    _description = "Holder of scenario rules"

    rule_combine = fields.Selection(
        [("all", "All rules hold"), ("any", "One of the rules holds")],
        string="True when",
        default="all",
        required=True,
    )

    def _match_rules(self, enrollments):
        """The enrollments for which the rules of this holder hold, together; none without rules."""
        self.ensure_one()
        if not self.rule_ids:
            return enrollments.browse()
        if self.rule_combine == "all":
            for rule in self.rule_ids:
                enrollments = rule._match(enrollments) if enrollments else enrollments
            return enrollments
        matched = enrollments.browse()
        for rule in self.rule_ids:
            matched |= rule._match(enrollments - matched)
        return matched

    def _rules_summary(self):
        joint = self.env._(" and ") if self.rule_combine == "all" else self.env._(" or ")
        return joint.join(rule.summary or "" for rule in self.rule_ids)
