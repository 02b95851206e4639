"""Goals tell which version of a message is better, and what the control group did without the scenario (S58)."""

from odoo import fields, models

from .. import clock
from ..enrollment.states import CONTROL
from . import sql


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    trial_measure = fields.Selection(selection_add=[("goals", "Goals reached")], ondelete={"goals": "set null"})

    def _add_reactions(self, figures, since, until):
        result = super()._add_reactions(figures, since, until)
        groups = [version["mailings"].ids for version in figures]
        reached = sql.reached_after_messages(self.env.cr, groups, since, until)
        for number, version in enumerate(figures):
            version["goals"] = reached.get(number, 0)
        return result


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _add_outcomes(self, figures):
        result = super()._add_outcomes(figures)
        if self.goal_ids:
            reached = sql.reached_by_group(self.env.cr, self.id, self.control_since or clock.now(self.env))
            figures["walked"]["goal"] = reached.get(False, 0)
            figures["held"]["goal"] = reached.get(True, 0)
        return result

    def _outcome_labels(self):
        return {"goal": self.env._("Reached a goal"), **super()._outcome_labels()}

    def _enroll(self, records, door, user=None, origin=False, leaving=None):
        """The engine never visits those who are held out: what they fulfil already is noted here, as it is for others
        when they begin, and from now on events are about them, too."""
        enrollments, rejected = super()._enroll(records, door, user=user, origin=origin, leaving=leaving)
        # sudo: whether somebody is held out concerns the server, no matter who sends people in
        goals, held = self.sudo().goal_ids, enrollments.sudo().browse()
        if goals and self.control_percent:
            held = enrollments.sudo().filtered(lambda run: run.state == CONTROL)
        if held:
            goals._look_among(goals.ids, held, early=True)
            held.wait_from = clock.now(self.env)
        return enrollments, rejected
