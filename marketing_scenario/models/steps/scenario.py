from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StepScenario(models.Model):
    """Launch another scenario: this run stops, the other begins (S26, R57)."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("scenario", "Launch a scenario")], ondelete={"scenario": "cascade"})
    scenario_launched_id = fields.Many2one(
        "marketing.scenario",
        string="Scenario to launch",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('id', '!=', scenario_id), ('state', '=', 'active')]",
        help="Its own settings decide on entering again. A record it rejects leaves this scenario all the same; "
        "while it is not active, people wait here, or leave when refused messages make them leave.",
    )

    @api.constrains("scenario_launched_id", "scenario_id")
    def _check_scenario_launched_id(self):
        for step in self:
            if step.scenario_launched_id == step.scenario_id:
                raise ValidationError(
                    self.env._(
                        "%(step)s: a scenario cannot launch itself. Use “Go to a step” to begin again.", step=step.name
                    )
                )

    def _describe_scenario(self):
        return {
            "family": "redirection",
            "place": 20,
            "reads_path": True,
            "icon": "fa-sign-out",
            "outcomes": [],
            "summary": f"→ {self.scenario_launched_id.name}" if self.scenario_launched_id else "",
        }

    def _validate_scenario(self):
        other = self.scenario_launched_id
        if not other:
            return [
                self._issue(
                    "no_scenario", self.env._("no scenario. Choose the one to launch."), field="scenario_launched_id"
                )
            ]
        if other.state != "active":
            message = self.env._("“%(scenario)s” is not active. Activate it first.", scenario=other.name)
            return [self._issue("scenario_inactive", message, field="scenario_launched_id")]
        if self.scenario_id in self._launched_at_once():
            message = self.env._(
                "“%(scenario)s” leads back here without any wait. Put a pause before.", scenario=other.name
            )
            return [self._issue("launch_loop", message)]
        missing = set(self.scenario_id._kinds()) - set(other._kinds())
        if missing:
            message = self.env._("“%(scenario)s” does not accept all kinds of this one.", scenario=other.name)
            return [self._issue("kind_not_allowed", message, level="warning")]
        return []

    def _execute_scenario(self, decisions, enrollments):
        other = self.scenario_launched_id
        if not other:
            decisions.fail(enrollments, self.env._("No scenario to launch."))
            return
        # sudo: the engine enrolls no matter who woke it
        if closed := other.sudo()._closed_reason():
            decisions.skip(enrollments, closed)
            return
        for records in enrollments._targets().values():
            # sudo: the engine enrolls no matter who woke it
            other.sudo()._enroll(records, "scenario", origin=self.scenario_id.name, leaving=enrollments)
        decisions.finish(enrollments, "launched")

    def _launched_at_once(self):
        """Scenarios that people leaving by this step can come to without ever waiting."""
        reached = self.env["marketing.scenario"]
        coming = self
        while coming:
            scenarios = coming.filtered(lambda step: not step._waits_before()).scenario_launched_id - reached
            reached |= scenarios
            coming = self.search([("scenario_id", "in", scenarios.ids), ("step_type", "=", "scenario")])
        return reached

    def _waits_before(self):
        """Whether everyone coming to this step has waited somewhere on the way from Start."""
        step = self
        while step.parent_id:
            waits = step.parent_id._describe().get("waits")
            if waits is True or step.outcome in (waits or ()):
                return True
            step = step.parent_id
        return False
