"""Building the tree: creating, inserting, moving and deleting steps."""

from odoo import api, models
from odoo.exceptions import UserError

from . import sql
from .replace import REPLACING


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    @api.model_create_multi
    def create(self, vals_list):
        """A place takes one step: ``_insert`` puts a new one before what stands there."""
        scenarios = self.env["marketing.scenario"].browse({vals.get("scenario_id") for vals in vals_list} - {None})
        scenarios._claim_trees()
        self._check_parents_exist({vals.get("parent_id") for vals in vals_list} - {None, False})
        # a step that moved away in memory still stands on its old place in the database
        self.flush_model(["parent_id", "outcome"])
        steps = super().create(vals_list)
        if not self.env.context.get("marketing_moving"):
            steps.scenario_id._number_steps()
        return steps

    def write(self, vals):
        if (
            "step_type" in vals
            and any(step.step_type != vals["step_type"] for step in self)
            and self.env.context.get("marketing_replacing") is not REPLACING
        ):
            raise UserError(self.env._("The type of a step is changed by “Replace by…”, which asks what hangs on it."))
        if {"parent_id", "outcome"} & set(vals) and any(not step.parent_id for step in self):
            raise UserError(self.env._("The Start step cannot be moved: a scenario begins with it."))
        if {"parent_id", "outcome"} & set(vals):
            self.scenario_id._claim_trees()
        result = super().write(vals)
        if {"parent_id", "outcome"} & set(vals) and not self.env.context.get("marketing_moving"):
            self.scenario_id._number_steps()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_start(self):
        for step in self:
            if not step.parent_id:
                raise UserError(self.env._("The Start step cannot be deleted: a scenario begins with it."))

    def unlink(self):
        """Delete the steps with all that hangs below (S25); the branches of an active scenario stay closed."""
        scenarios = self.scenario_id
        scenarios._claim_trees()
        doomed = self._with_descendants()
        result = super(MarketingScenarioStep, doomed).unlink()
        scenarios.exists()._number_steps()
        if not self.env.context.get("marketing_editing"):
            scenarios.exists()._keep_closed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_referred(self):
        if reasons := self._kept_by():
            raise UserError("\n".join(reasons))

    def _kept_by(self):
        """Hook: what refers to these steps and would break without them, as sentences that name the remedy."""
        return []

    def _check_parents_exist(self, parent_ids):
        parents = self.browse(parent_ids)
        if parents - parents.exists():
            raise UserError(
                self.env._("The step after which this one comes was deleted meanwhile. Reload the page and try again.")
            )

    def _insert(self, outcome, make):
        """Put a step, or a branch, behind this one; what stands there comes after it.

        :param make: puts it there and returns its first step
        :raise UserError: nothing can follow it, and something stands there
        """
        occupant = self.child_ids.filtered(lambda step: step.outcome == outcome)
        occupant._step_aside()
        step = make()
        if occupant:
            step._take_behind(occupant)
        return step

    def _take_behind(self, occupant):
        """Hang ``occupant`` behind this branch, along its first ways; an End on either side gives way."""
        tail = self
        while codes := tail._outcome_codes():
            if not (following := tail.child_ids.filtered(lambda step, code=codes[0]: step.outcome == code)):
                occupant.write({"parent_id": tail.id, "outcome": codes[0]})
                return
            tail = following
        dropped = next(
            (step for step in (tail, occupant) if step != self and step._describe().get("edge") == "end"), None
        )
        if not dropped:
            raise UserError(
                self.env._(
                    "“%(step)s” ends its branch: it cannot stand before “%(follower)s”. "
                    "Delete “%(follower)s” first, or choose a place where nothing follows.",
                    step=tail.name,
                    follower=occupant.name,
                )
            )
        place = {"parent_id": tail.parent_id.id, "outcome": tail.outcome}
        dropped.with_context(marketing_editing=True).unlink()
        if dropped == tail:
            occupant.write(place)

    def _step_aside(self):
        """Free the place of this step for another one; it gets its new one in the same request."""
        for step in self:
            step.with_context(marketing_moving=True).write({"outcome": f"~{step.id}"})
        self.flush_recordset()

    def _with_descendants(self):
        """These steps and all that hang below them."""
        return self.search([("id", "child_of", self.ids)]) if self else self

    def _trunk(self):
        """From this step along single ways, before any branching: the steps every entry must pass (S23)."""
        trunk = step = self
        while len(step._outcome_codes()) == 1 and step.child_ids:
            step = step.child_ids[:1]
            trunk += step
        return trunk


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _number_steps(self):
        """Store each step's rank in reading order and its depth, so that a plain list shows the tree."""
        places = {}
        for scenario in self:
            rank = 0
            coming = [(step, 0) for step in scenario.step_ids if not step.parent_id]
            while coming:
                step, depth = coming.pop()
                if (step.position, step.depth) != (rank, depth):
                    places[step.id] = rank, depth
                rank += 1
                codes = step._outcome_codes()
                order = {code: number for number, code in enumerate(codes)}
                children = step.child_ids.sorted(lambda child, order=order: order.get(child.outcome, len(order)))
                inner = depth + 1 if len(codes) > 1 else depth
                coming += [(child, inner) for child in reversed(children)]
        if places:
            steps = self.step_ids.browse(places)
            steps.flush_recordset(["position", "depth"])
            sql.number(self.env.cr, places)
            steps.invalidate_recordset(["position", "depth"])
