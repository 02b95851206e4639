"""Beside ``enroll``: the other calls of Odoo's external API (S16)."""

from odoo import models
from odoo.exceptions import UserError

from ..enrollment.states import LIVE_STATES


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def take_out(self, res_model, res_ids):
        """End the live runs of records in this scenario.

        :param res_model: ``res.partner`` or ``crm.lead``
        :param res_ids: list of ids; the user needs the right to change these records
        :return: ``{"taken_out": [enrollment ids], "refused": {res_id: reason code}}``; the keys are strings
        :raise UserError: unknown model, or ids that are not a list of integers
        """
        enrollments, rejected = self._live_runs_allowed(res_model, res_ids)
        enrollments.action_take_out()
        return {"taken_out": enrollments.ids, "refused": rejected}

    def move(self, res_model, res_ids, step_id):
        """Put the live runs of records on another step of this scenario, executed at once.

        :param res_model: ``res.partner`` or ``crm.lead``
        :param res_ids: list of ids; the user needs the right to change these records
        :param step_id: id of a step of this scenario
        :return: ``{"moved": [enrollment ids], "refused": {res_id: reason code}}``; the keys are strings
        :raise UserError: unknown model, ids that are not a list of integers, or no step of this scenario
        """
        enrollments, rejected = self._live_runs_allowed(res_model, res_ids)
        # True would be the step with the id 1
        step = self.step_ids.filtered(lambda step: type(step_id) is int and step.id == step_id)
        if not step:
            raise UserError(self.env._("step_id: %(step)s is no step of this scenario.", step=step_id))
        enrollments.move_to(step)
        return {"moved": enrollments.ids, "refused": rejected}

    def _live_runs_allowed(self, res_model, res_ids):
        """The live runs of those records the user may change, and ``{id as text: reason}`` for the others (S48)."""
        self._check_one_asked()
        self.check_access("read")
        records = self._records_asked(res_model, res_ids)
        existing = records.exists()
        allowed = existing._filtered_access("write")
        field = records._marketing_column
        enrollments = self.env["marketing.scenario.enrollment"].search(
            [("scenario_id", "=", self.id), (field, "in", allowed.ids), ("state", "in", LIVE_STATES)]
        )
        reasons = dict.fromkeys((records - existing).ids, "target_deleted")
        reasons |= dict.fromkeys((existing - allowed).ids, "no_access")
        reasons |= dict.fromkeys((allowed - enrollments[field]).ids, "not_inside")
        return enrollments, {str(res_id): reason for res_id, reason in reasons.items()}
