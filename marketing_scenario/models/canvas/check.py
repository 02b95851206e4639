"""The check beside the canvas: what is wrong, where, what one click can do about it, and what comes next (S7, S40)."""

from odoo import models
from odoo.exceptions import UserError

from ...tools.words import sentence


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_check(self):
        """The findings of the check, errors first, and all that the panel needs to go on from there.

        :return: ``{"issues": [{"step_id", "step_name", "family", "icon", "level", "code", "message", "field",
            "remedy"}], "errors", "warnings", "open_ends", "overdue" (people whose moment has passed), "starts",
            "ends", "state", "archived", "draft", "changes" (how many of a draft), "locked", "can_edit"}``
        """
        self.ensure_one()
        self.check_access("read")
        by_id = {step.id: step for step in self.step_ids}
        issues = self._findings()
        can_edit = not self.is_locked and self.has_access("write")
        errors = sum(issue["level"] == "error" for issue in issues)
        return {
            "issues": [
                {
                    **issue,
                    "family": by_id[issue["step_id"]].family,
                    "icon": by_id[issue["step_id"]].icon,
                    "remedy": can_edit and issue["remedy"],
                }
                for issue in issues
            ],
            "errors": errors,
            "warnings": len(issues) - errors,
            "open_ends": sum(issue["code"] == "missing_end" for issue in issues),
            "overdue": self.sudo()._overdue_count() if self.state == "inactive" else 0,  # sudo: a figure only
            "starts": self.date_start,
            "ends": self.date_end,
            "state": self.state,
            "archived": not self.active,
            "draft": bool(self.original_id),
            "changes": len(self._changes()) if self.original_id else 0,
            "locked": self.is_locked,
            "can_edit": can_edit,
        }

    def _findings(self, tried=True):
        """The issues of the check in the order and the words of the screen, errors first; see ``_check_issues``."""
        position = {step.id: step.position for step in self.step_ids}
        issues = [{**issue, "message": sentence(issue["message"])} for issue in self._check_issues(tried)]
        return sorted(issues, key=lambda issue: (issue["level"], position[issue["step_id"]]))

    def canvas_mend(self, step_id, code):
        """Do what the check offers for a finding.

        :raise UserError: it is no longer found
        """
        self._check_may_edit()
        step = self._step_of_canvas(step_id)
        for issue in self._check_issues():
            if issue["remedy"] and (issue["step_id"], issue["code"]) == (step_id, code):
                with self._undoable(issue["remedy"]):
                    getattr(step, f"_mend_{code}")()
                return True
        raise UserError(self.env._("This is mended already."))


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mend_missing_end(self):
        self.scenario_id._add_ends([open_end for open_end in self.scenario_id._missing_ends() if open_end[0] == self])

    def _mend_owner_archived(self):
        scenario = self.scenario_id
        (scenario.original_id or scenario).user_id = self.env.user
