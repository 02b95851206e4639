"""Copies of steps and branches, in one tree and from one scenario into another (S8, S38)."""

from odoo import models
from odoo.exceptions import UserError

from ..draft.definition import names_step


class Copies(dict):
    """``{id of a step: its copy}``; a step that was not copied is itself, as long as it belongs to the same tree."""

    def __init__(self, scenario):
        super().__init__()
        self.scenario = scenario

    def __missing__(self, step_id):
        step = self.scenario.env["marketing.scenario.step"].browse(step_id)
        return step if step.scenario_id == self.scenario else step.browse()


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_duplicate(self, step_id):
        """Put a copy of this one step right after it.

        :return: as ``canvas``, with ``selected``: the copy
        """
        self._check_may_edit()
        step = self._step_of_canvas(step_id)
        codes = step._outcome_codes()
        if not codes:
            raise UserError(
                self.env._(
                    "“%(step)s” closes its branch: nothing can follow. Copy it, and paste it elsewhere.", step=step.name
                )
            )
        return self._paste(step, step, codes[0], self.env._("Duplicate “%(step)s”", step=step.name))

    def canvas_paste(self, step_id, parent_id, outcome, following):
        """Put a copy of a step on a place; what stands there comes after it.

        :param step_id: a step of any scenario that the user may read
        :param following: with all that follows it
        :return: as ``canvas``, with ``selected``: the copy
        """
        self._check_may_edit()
        parent = self._step_of_canvas(parent_id)
        step = self.env["marketing.scenario.step"].browse(step_id).exists()
        if not step:
            raise UserError(self.env._("What you copied was deleted meanwhile. Copy it again."))
        step.check_access("read")
        step.scenario_id.check_access("read")
        return self._paste(step, parent, outcome, self.env._("Paste “%(step)s”", step=step.name), following)

    def _paste(self, step, parent, outcome, label, following=False):
        if not step.parent_id:
            raise UserError(self.env._("“%(step)s” cannot be copied: a scenario has one beginning.", step=step.name))
        sources = step._with_descendants().sorted("position") if following else step
        # as it stands now: the place may be in the branch that is copied
        places = {source: (source.parent_id.id, source.outcome) for source in sources}
        with self._undoable(label):
            copied = parent._insert(outcome, lambda: self._copy_steps({**places, step: (parent.id, outcome)}))
        return self._picture(copied)

    def _copy_steps(self, places):
        """Copy a branch to a free place.

        :param places: ``{step: (id of the step before, outcome)}`` in reading order; the first one has its new place
        :return: the copy of the first one
        """
        copies = Copies(self)
        for source, (parent_id, outcome) in places.items():
            place = {"parent_id": copies[parent_id].id if copies else parent_id, "outcome": outcome}
            # looked at once, at the end
            copied = source.with_context(marketing_moving=True).copy({"scenario_id": self.id, **place})
            copies[source.id] = copied.with_env(self.env)
        for source in places:
            source._copy_references_to(copies[source.id], copies)
        copied = self.env["marketing.scenario.step"].browse([step.id for step in copies.values()])
        for parts in (copied, copied.case_ids, copied._all_rules()):
            parts._forget_other_trees()
        self.invalidate_recordset(["step_ids"])
        self._number_steps()
        copied._check_place()
        return copied[0]


class MarketingScenarioPart(models.AbstractModel):
    _inherit = "marketing.scenario.part"

    def _forget_other_trees(self):
        """Empty what refers to a step of another scenario than their own."""
        for field in (field for field in self._fields.values() if names_step(field)):
            for part in self.filtered(field.name):
                if part[field.name].scenario_id != part.scenario_id:
                    part[field.name] = False
