"""The check before activation (S40), and the copy of the tree."""

from contextlib import contextmanager

from odoo import models

from ...tools import graph

UNTRIED = "marketing_untried"  # in the context: no message is rendered for a record, which takes time
ASKED = "marketing_asked"  # in the cache of the cursor, during a check


@contextmanager
def _asking_once(env):
    """What each step asks alike is asked once while all are checked: nothing is written meanwhile."""
    env.cr.cache[ASKED] = {}
    try:
        yield
    finally:
        env.cr.cache.pop(ASKED, None)


def ask_once(env, key, ask):
    """The answer to a question that does not depend on the step that asks it: during a check, the one of before.

    :param key: names the question
    :param ask: function that answers it
    """
    answers = env.cr.cache.get(ASKED)
    if answers is None:
        return ask()
    if key not in answers:
        answers[key] = ask()
    return answers[key]


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def check(self):
        """Issues of the scenario as it stands (S40).

        :return: list of ``{"step_id", "step_name", "level": "error"|"warning", "code", "message", "field", "remedy"}``,
            see ``step._issue``; the message names the remedy, in the user's language
        """
        self.ensure_one()
        return self._check_issues()

    def _check_issues(self, tried=True):
        """:param tried: messages are rendered for records, too; else only what is found by reading"""
        issues = self._check_tree()
        with _asking_once(self.env):
            for step in self.step_ids.with_context(**{UNTRIED: not tried}).sorted("position"):
                issues += step._validate()
        return issues

    def _check_tree(self):
        steps = self.step_ids
        nodes = self._graph_nodes()
        by_id = {step.id: step for step in steps}
        issues = [
            by_id[step_id]._issue(
                "missing_end",
                by_id[step_id]._nothing_follows(outcome),
                remedy=self.env._("Add the end"),
            )
            for step_id, outcome in graph.open_outcomes(nodes)
        ]
        issues += [
            by_id[step_id]._issue(
                "loop_without_wait",
                self.env._("this loop never waits. Put a pause between this step and the step it goes back to."),
            )
            for step_id in graph.loops_without_wait(nodes)
        ]
        issues += [
            by_id[step_id]._issue(
                "unreachable", self.env._("nobody can reach this step. Move it or delete it."), level="warning"
            )
            for step_id in graph.unreachable(nodes)
        ]
        return issues

    def _missing_ends(self):
        """``[(step, outcome)]`` of the branches that end without an End step."""
        self.ensure_one()
        step_model = self.env["marketing.scenario.step"]
        return [(step_model.browse(step_id), outcome) for step_id, outcome in graph.open_outcomes(self._graph_nodes())]

    def _graph_nodes(self):
        """The tree as plain data for ``tools.graph``."""
        return {
            step.id: graph.Node(
                outcomes=tuple(step._outcome_codes()),
                children={child.outcome: child.id for child in step.child_ids},
                jumps_to=step._jump_target().id or None,
                waits=step._describe().get("waits", False),
                is_root=not step.parent_id,
            )
            for step in self.step_ids
        }

    def _copy_tree_to(self, copied):
        """Recreate the steps of this scenario under ``copied`` and point inner references to the copies.

        :return: ``{id: copy of the step}``
        """
        copies = {}
        for step in self.step_ids.sorted("position"):
            vals = {"scenario_id": copied.id, "parent_id": copies[step.parent_id.id].id if step.parent_id else False}
            copies[step.id] = step.copy(vals)
        for step in self.step_ids:
            step._copy_references_to(copies[step.id], copies)
        return copies
