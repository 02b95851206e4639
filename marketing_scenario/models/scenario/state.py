"""Activation and deactivation (S7, S40)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import clock
from ..notice import notice


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    has_missing_ends = fields.Boolean(compute="_compute_has_missing_ends")

    @api.depends("step_ids.child_ids", "step_ids.case_ids")
    def _compute_has_missing_ends(self):
        for scenario in self:
            scenario.has_missing_ends = bool(scenario._missing_ends())

    def action_activate(self):
        """Check, then activate (S7).

        With overdue enrollments in any of them (after a deactivation) the check panel asks first what becomes of
        them. The answer stands in the context: ``marketing_overdue`` = ``run_now``, ``spread`` or ``skip``, with
        ``marketing_overdue_hours`` or ``marketing_overdue_days``.

        :return: action back to the list of scenarios, or the question
        :raise UserError: the scenario has errors; each names its step and the remedy
        """
        self.check_access("write")
        self._claim_trees()
        for scenario in self:
            scenario._raise_archived()
            scenario._raise_issues()
        answer = self.env.context.get("marketing_overdue")
        if not answer and self._overdue_count():
            return self.filtered(lambda scenario: scenario._overdue_count())[0].action_check()
        self._look_again()
        for scenario in self:
            scenario._answer_overdue(answer or "run_now")
        self._set_state("active")
        self.env["marketing.scenario.engine"]._wake()
        action = self.env["ir.actions.actions"]._for_xml_id("marketing_scenario.marketing_scenario_action")
        return {**action, "target": "main"}

    def action_deactivate(self):
        """Stop executing those that are active; everyone keeps their step and next moment (S7, R9)."""
        self.check_access("write")
        if active := self.filtered(lambda scenario: scenario.state == "active"):
            active._set_state("inactive")
        return True

    def action_stop_all(self):
        """Button *Stop everything*: deactivate all active scenarios that the user may change, chosen or not; nothing
        leaves any more, and each of them says who did it.

        :return: notice of how many were stopped
        :raise AccessError: the user may change none
        """
        self.check_access("write")
        running = self.search([("state", "=", "active")])._filtered_access("write")
        running.action_deactivate()
        reason = self.env._("Deactivated with “Stop everything” by %(user)s.", user=self.env.user.name)
        running._message_log_batch(bodies=dict.fromkeys(running.ids, reason))
        message = self.env._(
            "Scenarios stopped: %(count)s. Everyone keeps their place; messages that wait are held back.",
            count=len(running),
        )
        return notice(message, next={"type": "ir.actions.client", "tag": "soft_reload"})

    def action_add_missing_ends(self):
        """Put an End on every branch that lacks one (S28)."""
        self._add_ends([open_end for scenario in self for open_end in scenario._missing_ends()])
        return True

    @api.model
    def _add_ends(self, open_ends):
        """Put an End on each of these ``(step, outcome)``."""
        steps = self.env["marketing.scenario.step"]
        end = steps._edge_type("end")
        steps.create(
            [
                {
                    "scenario_id": step.scenario_id.id,
                    "name": steps._type_label(end),
                    "step_type": end,
                    "parent_id": step.id,
                    "outcome": outcome,
                }
                for step, outcome in open_ends
            ]
        )

    def _keep_closed(self):
        """Put an End on every branch that a change of the tree left open while people walk it (S28)."""
        self.filtered(lambda scenario: scenario.state == "active").action_add_missing_ends()

    def _raise_archived(self):
        if not self.active:
            raise UserError(
                self.env._("“%(name)s” is archived. Bring it back from the archive, then activate it.", name=self.name)
            )

    def _raise_issues(self):
        errors = [issue for issue in self._check_issues() if issue["level"] == "error"]
        if errors:
            raise UserError(
                self.env._("“%(name)s” cannot be activated yet:", name=self.name)
                + "\n"
                + "\n".join(f"• {issue['step_name']}: {issue['message']}" for issue in errors)
            )

    def _overdue_domain(self):
        now = clock.now(self.env)
        return [("scenario_id", "in", self.ids), ("state", "=", "running"), ("next_run_at", "<=", now)]

    def _overdue_count(self):
        return self.env["marketing.scenario.enrollment"].search_count(self._overdue_domain())

    def _answer_overdue(self, answer):
        """What becomes of overdue enrollments on reactivation: nothing leaves in a burst by surprise (S7).

        :param answer: run_now; spread (evenly over N hours); skip (those overdue by more than N days get no
            message that comes before their next wait)
        """
        context = self.env.context
        enrollments = self.env["marketing.scenario.enrollment"]
        if answer == "spread":
            hours = max(context.get("marketing_overdue_hours", 1), 0)
            enrollments.search(self._overdue_domain(), order="next_run_at, id")._spread(timedelta(hours=hours))
        elif answer == "skip":
            now = clock.now(self.env)
            limit = now - timedelta(days=max(context.get("marketing_overdue_days", 1), 0))
            late = enrollments.search([*self._overdue_domain(), ("next_run_at", "<", limit)])
            late._write_unchecked({"is_late": True})


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        """The scenarios of a company that is archived stop."""
        result = super().write(vals)
        if vals.get("active") is False:
            # sudo: who archives a company need not be allowed to change its scenarios
            scenarios = self.env["marketing.scenario"].sudo()
            scenarios.search([("company_id", "in", self.ids), ("state", "=", "active")]).action_deactivate()
        return result
