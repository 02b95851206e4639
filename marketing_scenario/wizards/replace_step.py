from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioStepReplace(models.TransientModel):
    """Asks before a step gets another type: what goes because the new type has no way out for it, and what becomes of
    the people (R33, S41)."""

    _name = "marketing.scenario.step.replace"
    _description = "Replace a step"
    _inherit = ["marketing.scenario.step.dialog"]

    step_type = fields.Char("New type")
    type_choices = fields.Json(compute="_compute_type_choices")
    first_id = fields.Many2one(
        "marketing.scenario.step",
        "Goes on with",
        ondelete="cascade",
        compute="_compute_first_id",
        store=True,
        readonly=False,
        help="The new type has other ways out. This step comes on its first one.",
    )
    choice_ids = fields.Many2many("marketing.scenario.step", compute="_compute_choice_ids")
    lost_ids = fields.Many2many("marketing.scenario.step", string="Steps that go", compute="_compute_lost_ids")
    barred_by = fields.Text("Why it cannot be replaced yet", compute="_compute_lost_ids")
    people_count = fields.Integer("People who stand on this step now", compute="_compute_people_count")
    stranded_count = fields.Integer("People who stand on steps that go", compute="_compute_lost_ids")
    people = fields.Selection(
        [
            ("here", "The new step deals with them at once"),
            ("next", "They go on with the step that follows"),
            ("out", "They leave"),
        ],
        "What becomes of those who stand on it",
    )
    stranded = fields.Selection(
        [("here", "The new step deals with them at once"), ("out", "They leave")],
        "What becomes of those on the deleted steps",
    )

    @api.depends("step_id")
    def _compute_type_choices(self):
        for wizard in self:
            wizard.type_choices = [
                {"value": entry["type"], "label": entry["label"], "family": entry["family"], "icon": entry["icon"]}
                for entry in self.env["marketing.scenario.step"].palette()
                if entry["type"] != wizard.step_id.step_type
            ]

    @api.depends("step_id", "step_type")
    def _compute_choice_ids(self):
        """The following steps among which one must choose: the new type has a way for some of them only."""
        for wizard in self:
            step = wizard.step_id._origin
            ways = step._ways_after_replacing(wizard.step_type) if wizard.step_type else {}
            moved = [following.id for following, way in ways.items() if way != following.outcome]
            kept = [following_id for following_id in moved if ways[step.browse(following_id)]]
            wizard.choice_ids = moved if kept and len(moved) > len(kept) else []

    @api.depends("choice_ids")
    def _compute_first_id(self):
        for wizard in self:
            if wizard.first_id not in wizard.choice_ids:
                wizard.first_id = wizard.choice_ids[:1]

    @api.depends("step_id", "step_type", "first_id")
    def _compute_lost_ids(self):
        for wizard in self:
            step, first = wizard.step_id._origin, wizard.first_id._origin
            chosen = bool(wizard.step_type)
            wizard.lost_ids = step._lost_by_replacing(wizard.step_type, first) if chosen else step.browse()
            wizard.barred_by = "\n".join(step._barred_from_replacing(wizard.step_type, first)) if chosen else ""
            # sudo: a figure only
            wizard.stranded_count = len(wizard.lost_ids._origin.sudo()._people())

    @api.depends("step_id")
    def _compute_people_count(self):
        for wizard in self:
            # sudo: a figure only
            wizard.people_count = len(wizard.step_id._origin.sudo()._people())

    def action_replace(self):
        """Replace it, then open the form of the new type.

        :raise UserError: no type chosen, people stand there and nobody said what becomes of them, other steps need
            what would go, or somebody else has put steps there
        """
        self.ensure_one()
        if self.step_type not in [choice["value"] for choice in self.type_choices]:
            raise UserError(self.env._("Choose the new type of the step first."))
        self._check_seen(self.lost_ids)
        if (self.people_count and not self.people) or (self.stranded_count and not self.stranded):
            raise UserError(
                self.env._(
                    "%(count)s people stand there. Choose what becomes of them.",
                    count=self.people_count + self.stranded_count,
                )
            )
        step = self.step_id
        with step.scenario_id._undoable(self.env._("Replace “%(step)s”", step=step.name)):
            step._replace_by(self.step_type, self.first_id, self.people, self.stranded)
        if step._describe().get("edge"):
            return {"type": "ir.actions.act_window_close"}
        return step.action_inspect()
