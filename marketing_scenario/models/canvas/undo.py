"""Undo and redo of what is done to a tree: the server keeps what each edit changed, for who made it (S38).

A history belongs to one user and one opened canvas (``marketing_undo_session`` in the context, a text of the
browser's). It goes back step by step only as long as nobody else has changed the tree meanwhile.
"""

from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...tools import definition
from ...tools.words import quoted
from ..draft.definition import STEP

LENGTH = 100  # edits that can be taken back
OPPOSITE = {"undo": "redo", "redo": "undo"}


class MarketingScenarioUndo(models.TransientModel):
    """An edit that can be undone, or done again: the steps that it changed, as they were."""

    _name = "marketing.scenario.undo"
    _description = "Edit of a scenario that can be undone"
    _order = "id desc"
    _transient_max_hours = 12.0  # from the last edit on: each one touches all rows of its history

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)
    session = fields.Char(required=True)
    direction = fields.Selection([("undo", "Undo"), ("redo", "Redo")], required=True)
    label = fields.Char(required=True)
    steps = fields.Json(required=True, help="The tree as it was; steps that are the same now by their refs only.")
    stamp = fields.Char(required=True, help="What the tree was like when this history last changed it.")

    def _rename(self, renames):
        """What was made anew has other ids now."""
        for row in self if renames else ():
            row.steps = definition.renamed(row.steps, renames)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_undo(self):
        """Take back the last edit of this canvas.

        :return: as ``canvas``, with ``selected``: a step that changed, or False
        :raise UserError: there is none, or somebody else changed the scenario meanwhile
        """
        return self._go_back("undo")

    def canvas_redo(self):
        """Do again what was taken back last; see ``canvas_undo``."""
        return self._go_back("redo")

    def _go_back(self, direction):
        self._check_may_edit()
        row = self._history(direction)[:1]
        if not row:
            raise UserError(
                self.env._("There is nothing to undo.")
                if direction == "undo"
                else self.env._("There is nothing to do again.")
            )
        now = self._definition()
        if row.stamp != definition.stamp(now["steps"]):
            raise UserError(self._changed_elsewhere(row))
        made = {}
        steps = self._apply({**now, "steps": definition.filled(row.steps, now["steps"])}, made=made)
        then, label = self._definition(), row.label
        row.unlink()
        self._history()._rename(_renames(made))
        self._keep(OPPOSITE[direction], label, now, then)
        changed = [change["ref"] for change in definition.compare(now, then) if change.get("ref") in steps]
        return {**self.canvas(), "selected": steps[changed[0]].id if changed else False}

    def _changed_elsewhere(self, row):
        """Why an edit cannot be taken back, or done again: what somebody else has added since is named."""
        added = self.step_ids.filtered(lambda step: step.create_date > row.write_date)
        if not added:
            return self.env._(
                "“%(name)s” was changed elsewhere meanwhile: “%(edit)s” cannot be taken back without losing that "
                "change. Correct it by hand.",
                name=self.name,
                edit=row.label,
            )
        return self.env._(
            "Somebody else has added %(added)s meanwhile: “%(edit)s” cannot be taken back without losing that. Correct "
            "it by hand.",
            added=format_list(self.env, [quoted(self.env, step.name) for step in added]),
            edit=row.label,
        )

    @contextmanager
    def _undoable(self, label):
        """What happens to the tree within is one edit that the user can take back.

        :param label: the edit in words
        """
        if not self._undo_session():
            yield
            return
        before = self._definition()
        yield
        self.env.flush_all()
        self.invalidate_recordset(["step_ids"])
        after = self._definition()
        if before["steps"] == after["steps"]:
            return
        history = self._history()
        if any(row.stamp != definition.stamp(before["steps"]) for row in history[:1]):
            history.unlink()  # it would take back what somebody else did in between
        self._history("redo").unlink()
        self._keep("undo", label, before, after)

    def _keep(self, direction, label, before, after):
        stamp = definition.stamp(after["steps"])
        self._history().write({"stamp": stamp})
        self._history(direction)[LENGTH - 1 :].unlink()
        self._history().create(
            {
                "scenario_id": self.id,
                "session": self._undo_session(),
                "direction": direction,
                "label": label,
                "steps": definition.reduced(before["steps"], after["steps"]),
                "stamp": stamp,
            }
        )

    def _undo_session(self):
        return str(self.env.context.get("marketing_undo_session") or "")

    def _history(self, direction=None):
        """What this user did in this canvas, last first."""
        rows = self.env["marketing.scenario.undo"].sudo()  # sudo: nobody but the server reads what is kept
        mine = [
            ("scenario_id", "=", self.id),
            ("create_uid", "=", self.env.uid),
            ("session", "=", self._undo_session()),
        ]
        return rows.search([*mine, ("direction", "=", direction)] if direction else mine)

    def _history_labels(self):
        """``{"undo", "redo"}``: what the next step back and the next step forth would change, or False."""
        return {
            direction: self._history(direction)[:1].label if self._undo_session() else False for direction in OPPOSITE
        }


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def web_save(self, vals, specification, next_id=None):
        """Settings saved beside the canvas are edits as well."""
        if not self:
            return super().web_save(vals, specification, next_id=next_id)
        with self._settings_undoable():
            return super().web_save(vals, specification, next_id=next_id)

    def _settings_undoable(self):
        """As ``_undoable``: what happens within to the settings of this step."""
        return self.scenario_id._undoable(self.env._("Settings of “%(step)s”", step=self.name))

    def unlink(self):
        """Their texts may come back: the images in them stay with the tree."""
        if self.env["marketing.scenario"]._undo_session():
            for scenario, steps in self.grouped("scenario_id").items():
                scenario.start_step_id._take_files_of(steps._with_descendants())
        return super().unlink()


class MarketingScenarioVariant(models.Model):
    _inherit = "marketing.scenario.variant"

    def web_save(self, vals, specification, next_id=None):
        """Another version of a message stands in a form of its own."""
        if not self:
            return super().web_save(vals, specification, next_id=next_id)
        with self.step_id._settings_undoable():
            return super().web_save(vals, specification, next_id=next_id)


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    def web_save(self, vals, specification, next_id=None):
        """The designer writes the text of a step."""
        step = self.marketing_step_id
        if not step:
            return super().web_save(vals, specification, next_id=next_id)
        with step.scenario_id._undoable(self.env._("Mail of “%(step)s”", step=step.name)):
            return super().web_save(vals, specification, next_id=next_id)


def _renames(made):
    """What ``_apply`` made anew, as ``tools.definition.renamed`` wants it."""
    names = {STEP: "steps"}
    for part in made.values():
        names |= {field.comodel_name: field.name for field in part._line_fields()}
    renames = {}
    for model, name in names.items():
        refs = {part.id: ref for (of, ref), part in made.items() if of == model}
        for part in next(iter(made.values())).env[model].browse(refs):  # read together
            if part._ref() != refs[part.id]:
                renames.setdefault(name, {})[refs[part.id]] = part._ref()
    return renames
