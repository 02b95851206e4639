from odoo import api, fields, models


class MarketingScenarioRule(models.Model):
    """One condition (S24). Each kind lives in ``models/rules/<kind>.py`` and adds, by name:

    ``_describe_<kind>()`` → icon, summary, optional events (kinds of event that can change the answer), optional
    settles (those after which a message that was still to leave has left), optional denies (it holds while something
    has not happened), optional reads_path (it asks the traces, which are then written before it is asked), optional
    is_dated (what it asks about is noted with its moment, so that a back-test knows the answer of then);
    ``_match_<kind>(enrollments)`` → those that match; optional ``_validate_<kind>()`` → list of messages;
    optional ``_unsettled_<kind>(enrollments)`` → those of whom it cannot say anything yet; optional
    ``_play_<kind>(enrollment)``: lets what it asks about happen, in a simulation.
    """

    _name = "marketing.scenario.rule"
    _description = "Marketing scenario rule"
    _inherit = ["marketing.linked"]
    _order = "sequence, id"

    step_id = fields.Many2one("marketing.scenario.step", ondelete="cascade", index="btree_not_null")
    case_id = fields.Many2one("marketing.scenario.case", ondelete="cascade", index="btree_not_null")
    owner_step_id = fields.Many2one(
        "marketing.scenario.step", compute="_compute_owner_step_id", help="Step whose condition this is."
    )
    scenario_id = fields.Many2one("marketing.scenario", compute="_compute_owner_step_id")
    sequence = fields.Integer(default=10)
    # each kind adds itself with selection_add
    kind = fields.Selection([], string="When", required=True)
    negate = fields.Boolean("Not", help="The rule holds when its condition does not.")
    summary = fields.Char(compute="_compute_summary")

    _one_holder = models.Constraint(
        "CHECK (num_nonnulls(step_id, case_id) = 1)",
        "A rule belongs to one IF step or to one case.",
    )

    @api.depends("step_id", "case_id.step_id")
    def _compute_owner_step_id(self):
        for rule in self:
            rule.owner_step_id = rule.step_id or rule.case_id.step_id
            rule.scenario_id = rule.owner_step_id.scenario_id

    def _holder_name(self):
        """What has this rule, by its name."""
        return self.owner_step_id.name

    @api.model
    def _settings(self):
        """All that a summary may speak of, whatever kind adds it: the stored fields that people fill."""
        return [name for name, field in self._fields.items() if field.store and name not in models.MAGIC_COLUMNS]

    @api.depends(lambda self: self._settings())
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            text = rule._describe().get("summary", "") if rule.kind else ""
            rule.summary = self.env._("not (%(rule)s)", rule=text) if rule.negate else text

    def _describe(self):
        return getattr(self, f"_describe_{self.kind}")()

    def _judge(self, enrollments, waiting, patient):
        """As ``_match``, and those of whom nobody can say it yet: see ``rule.holder._judge_rules``."""
        if waiting and self._denies():
            return enrollments.browse(), enrollments
        unsettled = getattr(self, f"_unsettled_{self.kind}", None)
        unsure = unsettled(enrollments) if patient and unsettled else enrollments.browse()
        settled = enrollments - unsure if unsure else enrollments
        return self._match(settled) if settled else settled, unsure

    def _denies(self):
        """Whether the rule holds as long as something has not happened: what is true now may be false later."""
        return self.negate != bool(self._describe().get("denies"))

    def _match(self, enrollments):
        """The enrollments for which this rule holds, in one set-based evaluation."""
        matched = getattr(self, f"_match_{self.kind}")(enrollments)
        return enrollments - matched if self.negate else matched

    def _validate(self):
        """Messages (for ``marketing.scenario.step._issue``) on settings that are missing."""
        handler = getattr(self, f"_validate_{self.kind}", None)
        return handler() if handler else []

    def _copy_references_to(self, copied, copies):
        """Hook: point references to steps at the copies of these steps (``{old id: new step}``)."""
