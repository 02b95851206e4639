"""What one does to a tree on the canvas: each edit is one request, can be undone, and returns the new picture."""

from odoo import models
from odoo.exceptions import UserError


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_add(self, step_type, parent_id, outcome):
        """Add a step; what stands on its place comes after it.

        :return: as ``canvas``, with ``selected``: the new step, and ``lacks``: the field that is to be filled first
        :raise UserError: it closes its branch and something stands there
        """
        self._check_may_edit()
        parent = self._step_of_canvas(parent_id)
        steps = self.env["marketing.scenario.step"]
        label = next((entry["label"] for entry in steps.palette() if entry["type"] == step_type), None)
        if not label:
            raise UserError(self.env._("There is no such type of step any more. Reload the page."))
        values = {"scenario_id": self.id, "parent_id": parent.id, "outcome": outcome}
        with self._undoable(self.env._("Add “%(step)s”", step=label)):
            step = parent._insert(outcome, lambda: steps.create({**values, "step_type": step_type, "name": label}))
        lacks = next((issue["field"] for issue in step._lacks() if issue["field"]), False)
        return {**self._picture(step), "lacks": lacks}

    def canvas_rename(self, step_id, name, seen=None):
        """Give a step another label.

        :param seen: the label on the screen of who says so
        :return: as ``canvas``, with ``selected``
        :raise UserError: somebody else has renamed it since; both labels are named
        """
        self._check_may_edit()
        step, name = self._step_of_canvas(step_id), (name or "").strip()
        if not name:
            raise UserError(self.env._("“%(step)s” needs a label.", step=step.name))
        if seen is not None:
            step._check_not_overtaken({"name": name}, {"name": seen})
        with self._undoable(self.env._("Rename “%(step)s”", step=step.name)):
            step.name = name
        return self._picture(step)

    def canvas_move(self, step_id, parent_id, outcome, alone, seen=None):
        """Move a step, alone or with what follows: see ``step._move_to``.

        :param seen: ``[step before, outcome]``: its place on the screen of who moves it
        :return: as ``canvas``, with ``selected``
        :raise UserError: it cannot stand there, or somebody else has moved it since; says why
        """
        self._check_may_edit()
        step, parent = self._step_of_canvas(step_id), self._step_of_canvas(parent_id)
        if seen is not None and seen != [step.parent_id.id, step.outcome]:
            raise UserError(
                self.env._(
                    "“%(step)s” was moved by somebody else: it comes after “%(parent)s” now. Move it again if you "
                    "still want to.",
                    step=step.name,
                    parent=step.parent_id.name,
                )
            )
        with self._undoable(self.env._("Move “%(step)s”", step=step.name)):
            step._move_to(parent, outcome, alone=alone)
        return self._picture(step)

    def canvas_delete(self, step_id, alone, seen=None):
        """Delete a step, alone (what follows closes up) or with what follows.

        :param seen: ids of the steps after it on the screen of who deletes it
        :return: as ``canvas``, with ``selected``: what closed up, else the step before; or ``{"question": action}``
            when people stand there: it asks what becomes of them
        :raise UserError: somebody else has put steps after it since, which would go, too; they are named
        """
        self._check_may_edit()
        step = self._step_of_canvas(step_id)
        question = step.action_delete()
        doomed = step if alone else step._with_descendants()
        if seen is not None:
            step._check_seen(doomed, seen)
        # sudo: whether anybody stands there
        if doomed.sudo()._people():
            asked = {"default_extent": "alone" if alone else "branch", "marketing_undo_session": self._undo_session()}
            return {"question": {**question, "context": {**question["context"], **asked}}}
        neighbour = step.child_ids[:1] if alone else step.parent_id
        with self._undoable(self.env._("Delete “%(step)s”", step=step.name)):
            step._delete(alone, step.browse())
        return self._picture(neighbour or step.parent_id)

    def canvas_close(self, parent_id=False, outcome=False):
        """Put an End on a way out on which nothing hangs; without a step on all of them (S28).

        :return: as ``canvas``, with ``selected``
        """
        if parent_id:
            return self.canvas_add(self.env["marketing.scenario.step"]._edge_type("end"), parent_id, outcome)
        self._check_may_edit()
        with self._undoable(self.env._("Add the missing ends")):
            self.action_add_missing_ends()
        return self._picture()

    def _check_may_edit(self):
        """:raise UserError: the user may not change this tree, or nobody may: people walk it"""
        self.ensure_one()
        self.check_access("write")
        self._claim_trees()
        if self.is_locked:
            raise UserError(
                self.env._(
                    "“%(name)s” is active: people walk its steps. Press “Change”, then publish your changes together.",
                    name=self.name,
                )
            )

    def _picture(self, selected=None):
        """The canvas after an edit."""
        self.env.flush_all()
        self.invalidate_recordset(["step_ids", "start_step_id"])
        return {**self.canvas(), "selected": selected.id if selected else False}
