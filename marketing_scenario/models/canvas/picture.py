"""The canvas: a scenario as one picture, in one request (S38). The browser knows no step type by name."""

from odoo import models
from odoo.exceptions import UserError

from ..draft.draft import MANAGER

SHOWN_OF_ISSUES = ("step_id", "level", "code", "message")
CHANGES = ("moved", "added", "changed")  # the last one that holds is shown


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas(self):
        """All that the screen shows.

        :return: ``{"scenario", "steps" (in reading order, see ``step._card``), "palette", "families", "figures" (see
            ``canvas_figures``), "changed": {step id: "added" | "changed" | "moved"}, "issues": [{"step_id", "level",
            "code", "message"}] of the check (``canvas_check``; that alone tries the messages), "undo": {"undo",
            "redo"}}``
        """
        self.ensure_one()
        self.check_access("read")
        steps = self.step_ids.sorted("position")
        labels = dict(steps._fields["step_type"]._description_selection(self.env))
        return {
            "scenario": {
                "id": self.id,
                "published": (self.original_id or self).id,
                "name": self.name,
                "state": self.state,
                "locked": self.is_locked,
                "draft": bool(self.original_id),
                "is_manager": self.env.user.has_group(MANAGER),
                "can_edit": not self.is_locked and self.has_access("write"),
            },
            "steps": [step._card(labels) for step in steps],
            "palette": [
                {**entry, "outcomes": len(steps.browse()._describe(entry["type"]).get("outcomes", []))}
                for entry in steps.palette()
            ],
            "families": steps._families(),
            "figures": self.canvas_figures(),
            "changed": self._changed_steps(),
            "issues": [{name: issue[name] for name in SHOWN_OF_ISSUES} for issue in self._findings(tried=False)],
            "undo": self._history_labels(),
        }

    def _changed_steps(self):
        """``{step id: kind}`` of the unpublished changes of a draft that can be shown on a card."""
        if not self.original_id:
            return {}
        here = {step._ref(): step.id for step in self.step_ids}
        changes = sorted(
            (change for change in self._changes() if change["kind"] in CHANGES),
            key=lambda change: CHANGES.index(change["kind"]),
        )
        return {here[change["ref"]]: change["kind"] for change in changes}

    def _step_of_canvas(self, step_id):
        """:raise UserError: no step of this scenario has this id any more"""
        self.ensure_one()
        step = self.step_ids.filtered(lambda step: step.id == step_id)
        if not step:
            raise UserError(self.env._("The step was deleted meanwhile. Reload the page."))
        return step


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _card(self, labels):
        """What the canvas shows of this step.

        :param labels: ``{step type: label}``
        """
        facts = self._describe()
        words = self._part("ways_in_words") or {}
        return {
            "id": self.id,
            "ref": self._ref(),
            "parent": self.parent_id.id,
            "outcome": self.outcome,
            "name": self.name,
            "type": self.step_type,
            "type_label": labels[self.step_type],
            "family": facts["family"],
            "icon": facts.get("icon", ""),
            "summary": facts.get("summary") or self._part("on_card") or "",
            "outcomes": [[code, label, words.get(code) or ""] for code, label in facts.get("outcomes", [])],
            "jump": facts["jump"].id if facts.get("jump") else False,
            "note": self.note or "",
            "told": self._message_figures(),
            "mail": self._mail_picture_stamp(),
            "edge": facts.get("edge") or False,
        }
