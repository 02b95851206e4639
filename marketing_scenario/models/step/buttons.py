"""What only the screens of the steps need: the palette and the buttons of a row."""

from odoo import api, fields, models
from odoo.exceptions import UserError

LAST_PLACE = 1000  # of a type that does not say where it stands among its family
FAMILY_ORDER = ("message", "pause", "condition", "action", "redirection", "edge")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    type_label = fields.Char(compute="_compute_type_label")
    is_open_ended = fields.Boolean(
        "May be followed", compute="_compute_type_label", help="Whether a step can come after this one."
    )

    @api.depends("step_type")
    @api.depends_context("lang")
    def _compute_type_label(self):
        for step in self:
            facts = step._describe() if step.step_type else {}
            step.type_label = step._type_label(step.step_type) if step.step_type else ""
            step.is_open_ended = bool(facts.get("outcomes"))

    @api.model
    def palette(self):
        """Step types that can be added, in the order of the families and of the places they claim (S24).

        :return: list of ``{"type", "label", "family", "icon"}``
        """
        entries = []
        for step_type, label in self._fields["step_type"]._description_selection(self.env):
            facts = self.browse()._describe(step_type)
            if facts.get("edge") != "start":
                place = FAMILY_ORDER.index(facts["family"]), facts.get("place", LAST_PLACE)
                entry = {"type": step_type, "label": label, "family": facts["family"], "icon": facts.get("icon", "")}
                entries.append((place, entry))
        return [entry for _place, entry in sorted(entries, key=lambda item: item[0])]

    @api.model
    def _families(self):
        """``[{"code", "label"}]`` of the families of step types, in order."""
        labels = {
            "message": self.env._("Messages"),
            "pause": self.env._("Pauses"),
            "condition": self.env._("Conditions"),
            "action": self.env._("Actions"),
            "redirection": self.env._("Redirections"),
            "edge": self.env._("Start and end"),
        }
        return [{"code": code, "label": labels[code]} for code in FAMILY_ORDER]

    def _place_choices(self):
        """Ways out of this step as choices of a dialog; the hint tells before which step one inserts."""
        occupants = {child.outcome: child.name for child in self.child_ids}
        return [
            {
                "value": code,
                "label": label,
                "hint": self.env._("before “%(step)s”", step=occupants[code]) if code in occupants else "",
            }
            for code, label in (self._describe().get("outcomes", []) if self.step_type else [])
        ]

    def action_add_after(self):
        """Row button: choose a type and a way out, then configure the new step."""
        self.ensure_one()
        if not self._outcome_codes():
            raise UserError(
                self.env._("“%(step)s” closes its branch: nothing can follow. Add the step before it.", step=self.name)
            )
        return self._action_step_dialog("marketing.scenario.step.add", self.env._("Add a step"))

    def action_move(self):
        """Row button: another place in the tree."""
        self.ensure_one()
        if not self.parent_id:
            raise UserError(self.env._("The Start step cannot be moved: a scenario begins with it."))
        return self._action_step_dialog("marketing.scenario.step.move", self.env._("Move “%(step)s”", step=self.name))

    def action_delete(self):
        """Row button: asks first, naming how many steps and people are concerned (S25, S41)."""
        self.ensure_one()
        if not self.parent_id:
            raise UserError(self.env._("The Start step cannot be deleted: a scenario begins with it."))
        name = self.env._("Delete “%(step)s”", step=self.name)
        return self._action_step_dialog("marketing.scenario.step.delete", name)

    def _action_step_dialog(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id},
        }
