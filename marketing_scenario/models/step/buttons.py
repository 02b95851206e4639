"""What only the screens of the steps need: the palette and the buttons of a row."""

from odoo import api, fields, models
from odoo.exceptions import UserError

LAST_PLACE = 1000  # of a type that does not say where it stands among its family
FAMILY_ORDER = ("message", "pause", "condition", "action", "redirection", "edge")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    type_label = fields.Char(compute="_compute_type_label")

    @api.depends("step_type")
    @api.depends_context("lang")
    def _compute_type_label(self):
        for step in self:
            step.type_label = step._type_label(step.step_type) if step.step_type else ""

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
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_id": self.id},
        }
