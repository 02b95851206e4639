"""What a publication does to the people inside, told before it happens (S41, S54)."""

from collections import defaultdict

from odoo import models

from ...tools import definition, graph
from . import sql


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _effect(self):
        """Whom publishing this draft touches. Figures only; read as superuser, so everyone sees the same.

        :return: ``{"removed", "again", "waits"}``, each ``{published step: enrollments}``: who stands on a step that
            goes; who would come a second time to a message that they had; who waits on a step whose settings change
        """
        self._check_is_draft()
        draft = self.sudo()
        changes = draft._changes()
        # no foreign key ties a part to its original: only steps of the published tree count
        published = {step.id: step for step in draft.original_id.step_ids}
        by_kind = defaultdict(list)
        for change in changes:
            if change.get("ref") in published:
                by_kind[change["kind"]].append(published[change["ref"]])
        return {
            "removed": self._standing(by_kind["removed"]),
            "again": draft._coming_again(published, by_kind["removed"]),
            "waits": {
                step: waiting
                for step, people in self._standing(by_kind["changed"]).items()
                if (waiting := step._waiting_by_settings(people))
            },
        }

    def _standing(self, steps):
        steps = self.env["marketing.scenario.step"].sudo().union(*steps)
        grouped = steps._people().grouped("step_id")
        return {step: grouped[step] for step in steps if step in grouped}

    def _coming_again(self, published, going):
        """``{message step: enrollments}``: they passed it, and only the new tree leads them to it again."""
        messages = [step for step in published.values() if step._channel() and step not in going]
        before = graph.reachable(self.original_id._graph_nodes())
        after = graph.reachable(self._graph_nodes())
        copies = {step._ref(): step.id for step in self.step_ids}
        # where people stand in the new tree, and so where they can come to
        coming = {step_id: after[copies[step_id]] for step_id in published if step_id in copies}
        for step, target in self._next_for(going).items() if going else ():
            coming[step.id] = after[target.id] | {target.id} if target else ()
        again = defaultdict(list)
        self.env.flush_all()
        for (message, standing), ids in sql.passed_and_inside(self.env.cr, [step.id for step in messages]).items():
            if copies.get(message) in coming.get(standing, ()) and message not in before.get(standing, ()):
                again[published[message]] += ids
        runs = self.env["marketing.scenario.enrollment"].sudo()
        return {step: runs.browse(ids) for step, ids in again.items()}

    def _next_for(self, steps):
        """``{published step that goes: step of this draft with which those who stand there go on, or empty}``"""
        before, after = self.original_id._definition(), self._definition()
        here = {step._ref(): step for step in self.step_ids}
        nothing = self.env["marketing.scenario.step"]
        return {
            step: here.get(
                definition.follower(before, step.id, here) or definition.successor(before, after, step.id), nothing
            )
            for step in steps
        }


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _waiting_by_settings(self, people):
        """Those of ``people``, who stand here, whose wait the settings of this step decide."""
        waiting = people.filtered(lambda run: run.state in ("running", "paused") and run.wait_reason)
        step = self.with_context(marketing_scenario_company_id=self.scenario_id.company_id.id)
        return waiting.browse(step._moments_anew(waiting.with_env(step.env))) if waiting else waiting
