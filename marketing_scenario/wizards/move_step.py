from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioStepMove(models.TransientModel):
    """Move a step to another place of its tree, alone or with what follows (S38)."""

    _name = "marketing.scenario.step.move"
    _description = "Move a step"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade", readonly=True)
    scenario_id = fields.Many2one(related="step_id.scenario_id")
    in_line = fields.Boolean(compute="_compute_in_line")
    extent = fields.Selection(
        [("alone", "Only this step; what follows closes up"), ("branch", "This step with all that follows it")],
        "What moves",
        compute="_compute_extent",
        precompute=True,  # required: a program names the step only
        store=True,
        readonly=False,
        required=True,
    )
    parent_id = fields.Many2one("marketing.scenario.step", "After", ondelete="cascade")
    place_ids = fields.Many2many("marketing.scenario.step", compute="_compute_place_ids")
    outcome = fields.Char("On the way", compute="_compute_outcome", store=True, readonly=False)
    outcome_choices = fields.Json(compute="_compute_outcome_choices")
    people_count = fields.Integer("People who stand there now", compute="_compute_people_count")
    passed_count = fields.Integer(
        "People inside who have passed it",
        compute="_compute_people_count",
        help="They get no message of this run a second time.",
    )
    people = fields.Selection(
        [
            ("along", "They move along with it"),
            ("next", "They go on with the step that follows it now"),
            ("out", "They leave"),
        ],
        "What becomes of them",
    )
    has_branches = fields.Boolean(compute="_compute_outcome_choices")

    @api.depends("step_id")
    def _compute_in_line(self):
        for wizard in self:
            wizard.in_line = wizard.step_id._is_in_line()

    @api.depends("step_id")
    def _compute_extent(self):
        for wizard in self:
            wizard.extent = "alone" if wizard.step_id._is_in_line() else "branch"

    @api.depends("step_id", "extent")
    def _compute_place_ids(self):
        """Steps after which it may stand: those with a way out, not below itself."""
        for wizard in self:
            step = wizard.step_id._origin
            barred = step if wizard.extent == "alone" else step._with_descendants()
            wizard.place_ids = (step.scenario_id.step_ids - barred).filtered("is_open_ended")

    @api.depends("step_id", "extent")
    def _compute_people_count(self):
        for wizard in self:
            # sudo: figures only
            step = wizard.step_id._origin.sudo()
            moved = step if wizard.extent == "alone" else step._with_descendants()
            wizard.people_count = len(moved._people())
            wizard.passed_count = moved._passed_inside_count()

    @api.depends("parent_id")
    def _compute_outcome_choices(self):
        for wizard in self:
            wizard.outcome_choices = wizard.parent_id._origin._place_choices()
            wizard.has_branches = len(wizard.outcome_choices or []) > 1

    @api.depends("parent_id")
    def _compute_outcome(self):
        for wizard in self:
            choices = wizard.parent_id._origin._place_choices()
            free = [choice for choice in choices if not choice["hint"]]
            wizard.outcome = (free or choices)[0]["value"] if choices else False

    def action_move(self):
        """Move it.

        :raise UserError: no place chosen, or the place is taken, see ``step._move_to``; or people stand there and
            nobody said what becomes of them
        """
        self.ensure_one()
        if not self.parent_id or not self.outcome:
            raise UserError(self.env._("Choose the step after which “%(step)s” comes.", step=self.step_id.name))
        alone = self.extent == "alone"
        if self.people_count:
            self._settle_people(alone)
        self.step_id._move_to(self.parent_id, self.outcome, alone=alone)
        return {"type": "ir.actions.act_window_close"}

    def _settle_people(self, alone):
        """Do with those who stand on the moved steps what was chosen (S41)."""
        following = self.step_id.child_ids[:1] if alone else self.step_id.browse()
        if not self.people or (self.people == "next" and not following):
            raise UserError(
                self.env._("%(count)s people stand there. Choose what becomes of them.", count=self.people_count)
            )
        moved = self.step_id if alone else self.step_id._with_descendants()
        if self.people == "next":
            moved._people().move_to(following)
        elif self.people == "out":
            moved._people().action_take_out()
