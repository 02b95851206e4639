"""Changing a tree that stands: taking one step out of the line, moving it, and where its people go (S25, S38, S41)."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.i18n import format_list

from ...tools.words import quoted


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _is_in_line(self):
        """Whether the step has one way out at most, so that what follows can close up when it goes."""
        return len(self._outcome_codes()) <= 1

    def _move_to(self, parent, outcome, alone=False):
        """Hang this step on another place of its tree.

        :param parent: the step it comes after
        :param outcome: the way out of ``parent`` it takes
        :param alone: only this step: what follows it closes up, and what stands on the new place comes after it.
            Else it takes along what follows; the new place must be free, or closed by an End, which it replaces.
        :raise UserError: the place is below the step, or taken; the message names the remedy
        """
        self.ensure_one()
        if parent == self or (not alone and parent in self._with_descendants()):
            raise UserError(self.env._("“%(step)s” cannot come after itself. Choose another place.", step=self.name))
        if (parent, outcome) == (self.parent_id, self.outcome):
            return
        self.scenario_id._claim_trees()
        if alone:
            self._cut_out()
        place = {"parent_id": parent.id, "outcome": outcome}
        if alone:
            parent._insert(outcome, lambda: self.write(place) and self)
        else:
            for occupant in parent.child_ids.filtered(lambda step: step.outcome == outcome) - self:
                occupant._give_way_to(self)
            self.write(place)
        self.flush_recordset()
        self.scenario_id._keep_closed()

    def _cut_out(self):
        """Take this one step out of the line; it keeps hanging aside until it is moved or deleted.

        :raise UserError: the step has several ways out
        """
        self.ensure_one()
        if not self._is_in_line():
            raise UserError(
                self.env._("“%(step)s” has several branches: it goes only with what follows it.", step=self.name)
            )
        follower, parent, outcome = self.child_ids, self.parent_id, self.outcome
        self._step_aside()
        follower.write({"parent_id": parent.id, "outcome": outcome})
        follower.flush_recordset()

    def _check_seen(self, doomed, seen):
        """Let go with this step only what was on the screen of who says so.

        :param doomed: the steps that would go
        :param seen: ids of the steps after it on that screen
        :raise UserError: somebody else has put others there since; they are named
        """
        added = (doomed - self).filtered(lambda step: step.id not in seen)
        if added:
            raise UserError(
                self.env._(
                    "Somebody else has put %(added)s after “%(step)s” meanwhile. Nothing was deleted. Look at what "
                    "stands there now, and delete it again if you still want to.",
                    added=format_list(self.env, [quoted(self.env, step.name) for step in added]),
                    step=self.name,
                )
            )

    def _give_way_to(self, moved):
        """Make room for a branch: an End is dropped, anything else stays."""
        if self._describe().get("edge") != "end":
            raise UserError(
                self.env._(
                    "“%(follower)s” stands there already. Move “%(step)s” alone, or delete “%(follower)s” first.",
                    follower=self.name,
                    step=moved.name,
                )
            )
        self.with_context(marketing_editing=True).unlink()
