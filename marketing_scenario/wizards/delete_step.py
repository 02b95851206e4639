from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioStepDelete(models.TransientModel):
    """Asks before steps go: how many, and where the people on them go (S25, S41)."""

    _name = "marketing.scenario.step.delete"
    _description = "Delete a step"
    _inherit = ["marketing.scenario.step.dialog"]

    scenario_id = fields.Many2one(related="step_id.scenario_id")
    can_close_up = fields.Boolean(compute="_compute_can_close_up")
    extent = fields.Selection(
        [("alone", "Only this step; what follows closes up"), ("branch", "This step and all that follows it")],
        "What goes",
        compute="_compute_extent",
        precompute=True,  # required: a program names the step only
        store=True,
        readonly=False,
        required=True,
    )
    step_count = fields.Integer(compute="_compute_doomed")
    doomed_ids = fields.Many2many("marketing.scenario.step", compute="_compute_doomed")
    people_count = fields.Integer(compute="_compute_doomed")
    people = fields.Selection(
        [("next", "They go on with the step that follows"), ("step", "They go to another step"), ("out", "They leave")],
        "What becomes of them",
        compute="_compute_people",
        store=True,
        readonly=False,
    )
    kept_by = fields.Text(compute="_compute_doomed", help="Why it cannot be deleted yet.")
    target_id = fields.Many2one("marketing.scenario.step", "Step to go to", ondelete="cascade")

    @api.depends("step_id")
    def _compute_can_close_up(self):
        for wizard in self:
            wizard.can_close_up = wizard.step_id._is_in_line() and bool(wizard.step_id.child_ids)

    @api.depends("step_id")
    def _compute_extent(self):
        for wizard in self:
            wizard.extent = "alone" if wizard.can_close_up else "branch"

    @api.depends("step_id", "extent")
    def _compute_doomed(self):
        for wizard in self:
            step = wizard.step_id._origin
            wizard.doomed_ids = step if wizard.extent == "alone" else step._with_descendants()
            wizard.step_count = len(wizard.doomed_ids)
            # sudo: a figure only
            wizard.people_count = len(wizard.doomed_ids.sudo()._people())
            wizard.kept_by = "\n".join(wizard.doomed_ids._origin._kept_by())

    @api.depends("extent")
    def _compute_people(self):
        for wizard in self:
            wizard.people = "next" if wizard.extent == "alone" else "step"

    def action_delete(self):
        """Delete as chosen.

        :raise UserError: people stand there and no step was chosen for them, or somebody else has put steps there
        """
        self.ensure_one()
        self._check_seen(self.doomed_ids)
        alone = self.extent == "alone" and self.can_close_up
        target = self.env["marketing.scenario.step"]
        if self.people_count and self.people != "out":
            target = self.step_id.child_ids[:1] if alone and self.people == "next" else self.target_id
            if not target or target in self.doomed_ids:
                raise UserError(self.env._("Choose the step on which the people go on."))
        with self.scenario_id._undoable(self.env._("Delete “%(step)s”", step=self.step_id.name)):
            self.step_id._delete(alone, target)
        return {"type": "ir.actions.act_window_close"}
