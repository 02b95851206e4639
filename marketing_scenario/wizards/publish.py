from odoo import api, fields, models

QUESTIONS = [("removed", "Stands on a step that goes"), ("again", "Gets a message again"), ("waits", "Waits")]


class MarketingScenarioPublish(models.TransientModel):
    """Tells what publishing a draft changes, and asks once what becomes of the people inside (S41, S54)."""

    _name = "marketing.scenario.publish"
    _description = "Publish the changes of a scenario"

    draft_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", readonly=True)
    changes = fields.Json(related="draft_id.changes")
    meanwhile = fields.Json(
        compute="_compute_meanwhile", help="What a program changed since the draft was made: publishing takes it back."
    )
    note = fields.Char("Why", help="Kept with the version, for your colleagues.")
    line_ids = fields.One2many("marketing.scenario.publish.line", "publish_id")
    removed_ids = fields.One2many(
        "marketing.scenario.publish.line", "publish_id", domain=[("question", "=", "removed")]
    )
    again_ids = fields.One2many("marketing.scenario.publish.line", "publish_id", domain=[("question", "=", "again")])
    waits_ids = fields.One2many("marketing.scenario.publish.line", "publish_id", domain=[("question", "=", "waits")])
    touches_nobody = fields.Boolean(compute="_compute_touches_nobody")

    @api.depends("line_ids")
    def _compute_touches_nobody(self):
        for dialog in self:
            dialog.touches_nobody = not dialog.line_ids

    @api.depends("draft_id")
    @api.depends_context("lang")
    def _compute_meanwhile(self):
        for dialog in self:
            dialog.meanwhile = dialog.draft_id._changed_meanwhile()

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        for dialog in dialogs:
            dialog._ask()
        return dialogs

    def _ask(self):
        """One line for each step on which people are touched; the answers that change least are given."""
        effect = self.draft_id._effect()
        following = self.draft_id._next_for(effect["removed"])
        self.line_ids = [
            fields.Command.create(
                {
                    "question": question,
                    "step_id": step.id,
                    "people_count": len(people),
                    "fate": "next" if question != "removed" or following[step] else "out",
                    "target_id": question == "removed" and following[step].id,
                }
            )
            for question, touched in effect.items()
            for step, people in touched.items()
        ]

    def action_publish(self):
        """Publish as answered.

        :return: action that shows the published scenario
        :raise UserError: an answer is missing, or the check finds errors
        """
        self.ensure_one()
        original = self.draft_id._publish(
            fates={line.step_id: (line.fate, line.target_id) for line in self.removed_ids},
            recalculated=self.waits_ids.filtered("answer").step_id,
            again=self.again_ids.filtered("answer").step_id,
            note=self.note,
        )
        return original._action_form(main=True)


class MarketingScenarioPublishLine(models.TransientModel):
    _name = "marketing.scenario.publish.line"
    _description = "People touched by a publication"

    publish_id = fields.Many2one("marketing.scenario.publish", required=True, ondelete="cascade")
    draft_id = fields.Many2one(related="publish_id.draft_id")
    question = fields.Selection(QUESTIONS, required=True, readonly=True)
    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade", readonly=True)
    people_count = fields.Integer("People", readonly=True)
    fate = fields.Selection(
        [("next", "They go on with the next step"), ("step", "They go to another step"), ("out", "They leave")],
        "What becomes of them",
        required=True,
        default="next",
    )
    target_id = fields.Many2one(
        "marketing.scenario.step", "Goes on with", ondelete="set null", domain="[('scenario_id', '=', draft_id)]"
    )
    answer = fields.Boolean()
