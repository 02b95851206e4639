"""What a scenario is for (S43, S57): goals, told by rules, reached within a time since entry."""

from odoo import api, fields, models

VALUES = [
    ("none", "no amount"),
    ("fixed", "a fixed amount"),
    ("revenue", "the expected revenue of the opportunity"),
]


class MarketingScenarioGoal(models.Model):
    """A goal is reached once by a run, when its rules begin to hold after the entry; who fulfilled them already does
    not count. It is also followed when the run is over."""

    _name = "marketing.scenario.goal"
    _description = "Goal of a scenario"
    _inherit = ["marketing.scenario.rule.holder"]
    _order = "scenario_id, sequence, id"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scenario_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Goal", required=True, default=lambda self: self.env._("Goal"))
    rule_combine = fields.Selection(string="Is reached when")
    rule_ids = fields.One2many("marketing.scenario.rule", "goal_id", string="Rules", copy=True)
    days = fields.Integer(
        "Within (days)",
        default=90,
        required=True,
        help="Counted from the entry; a goal is followed until then, also when the run is over.",
    )
    ends_run = fields.Boolean("Ends the run", help="Who reaches it leaves the scenario: “Goal reached”.")
    value_kind = fields.Selection(
        VALUES,
        string="Is worth",
        default="none",
        required=True,
        help="The revenue is that of the lead which walks, else of the person's won or latest opportunity since entry.",
    )
    value = fields.Monetary("Amount")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    summary = fields.Char(compute="_compute_summary")

    _days_positive = models.Constraint("CHECK (days > 0)", "A goal is followed for one day at least.")
    _value_not_negative = models.Constraint("CHECK (value >= 0)", "The amount of a goal cannot be negative.")

    @api.depends("scenario_id.company_id", "scenario_id.user_id")
    def _compute_currency_id(self):
        for goal in self:
            goal.currency_id = goal.scenario_id._company_in_charge().currency_id

    @api.depends("rule_ids.summary", "rule_combine")
    @api.depends_context("lang")
    def _compute_summary(self):
        for goal in self:
            goal.summary = goal._rules_summary()

    def _sentence(self):
        """This goal in one sentence."""
        self.ensure_one()
        sentence = self.env._(
            "“%(goal)s” is reached when %(rules)s, within %(days)s days of the entry.",
            goal=self.name,
            rules=self.summary,
            days=self.days,
        )
        if self.value_kind == "fixed":
            amount = self.currency_id.format(self.value)
            sentence += " " + self.env._("It is worth %(amount)s.", amount=amount)
        elif self.value_kind == "revenue":
            sentence += " " + self.env._("It is worth the expected revenue of the opportunity.")
        if self.ends_run:
            sentence += " " + self.env._("Who reaches it leaves the scenario.")
        return sentence

    def _issues(self):
        """Messages of the check: each names the goal and the remedy."""
        self.ensure_one()
        messages = [message for rule in self.rule_ids for message in rule._validate()]
        if not self.rule_ids:
            messages.append(self.env._("nothing says when it is reached. Add a rule."))
        elif all(rule._denies() for rule in self.rule_ids):
            messages.append(self.env._("a goal is something that happens. Take “not” out of one of its rules."))
        if self.value_kind == "fixed" and not self.value:
            messages.append(self.env._("it is worth a fixed amount, and the amount is empty. Set it."))
        return messages

    def _is_announced(self):
        """Whether each rule names the events that can make it true."""
        return all(rule._describe().get("events") for rule in self.rule_ids)


class MarketingScenarioRule(models.Model):
    _inherit = "marketing.scenario.rule"

    goal_id = fields.Many2one("marketing.scenario.goal", ondelete="cascade", index="btree_not_null")

    _one_holder = models.Constraint(
        "CHECK (num_nonnulls(step_id, case_id, goal_id) = 1)",
        "A rule belongs to one IF step, to one case or to one goal.",
    )

    @api.depends("goal_id.scenario_id")
    def _compute_owner_step_id(self):
        result = super()._compute_owner_step_id()
        for rule in self.filtered("goal_id"):
            rule.scenario_id = rule.goal_id.scenario_id
        return result

    def _holder_name(self):
        return self.goal_id.name or super()._holder_name()


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    # copy: part of the definition; rules that name steps are pointed at the copies of these
    goal_ids = fields.One2many("marketing.scenario.goal", "scenario_id", string="Goals", copy=True)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        self.env["marketing.scenario.goal"]._put_row_forms(arch, **options)
        return arch, view

    def _company_in_charge(self):
        """In whose currency amounts are typed: the scenario's company, else its owner's."""
        # sudo: the currency of a company is no secret
        scenario = self.sudo()
        return scenario.company_id or scenario.user_id.company_id or self.env.company

    def _copy_tree_to(self, copied):
        copies = super()._copy_tree_to(copied)
        for goal, copy in zip(self.goal_ids, copied.goal_ids, strict=True):
            for rule, its_copy in zip(goal.rule_ids, copy.rule_ids, strict=True):
                rule._copy_references_to(its_copy, copies)
        return copies

    def _check_tree(self):
        issues = super()._check_tree()
        start = self.start_step_id
        for goal in self.goal_ids:
            issues += [
                start._issue("broken_goal", self.env._("goal “%(goal)s”: %(issue)s", goal=goal.name, issue=message))
                for message in goal._issues()
            ]
            if goal.rule_ids and not goal._is_announced():
                message = self.env._(
                    "goal “%(goal)s”: one of its rules is looked at only when the person moves on in the scenario. "
                    "A rule on an opportunity, a form, a tag, a score or a message is noticed at once.",
                    goal=goal.name,
                )
                issues.append(start._issue("goal_seen_late", message, level="warning"))
        return issues
