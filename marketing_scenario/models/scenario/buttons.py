"""What only the screens of a scenario need: buttons, the short list of enrollments, the score edited in place."""

from odoo import api, fields, models

from ..notice import notice


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    step_count = fields.Integer("Number of steps", compute="_compute_step_count")

    @api.depends("step_ids")
    def _compute_step_count(self):
        counts = dict(
            self.env["marketing.scenario.step"]._read_group(
                [("scenario_id", "in", self.ids)], ["scenario_id"], ["__count"]
            )
        )
        for scenario in self:
            scenario.step_count = counts.get(scenario._origin, 0)

    # -- activation ------------------------------------------------------------------------------------------------

    def action_activate_checked(self):
        """Button *Activate*: with errors the findings (S40), else ``action_activate``, and what can be done next."""
        self.ensure_one()
        self.check_access("write")
        if any(issue["level"] == "error" for issue in self._check_issues()):
            return self.action_check()
        action = self.action_activate()
        if self.state != "active":
            return action  # a question comes first
        message = self.env._(
            "Those who enter on their own walk from now on. To send people in by hand, open it and press “Add people”."
        )
        return notice(message, title=self.env._("“%(name)s” is active", name=self.name), next=action)

    def action_check(self):
        """Button *Check*: the findings, each with its step and its remedy, in the panel beside the canvas (S40)."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario_open_check",
            "params": {"scenario_id": self.id},
        }

    # -- buttons ---------------------------------------------------------------------------------------------------

    def action_add_people(self):
        """Button *Add people*: a static query (S15)."""
        self.ensure_one()
        return self._action_dialog("marketing.scenario.add.people", self.env._("Send into “%(name)s”", name=self.name))

    def _action_dialog(self, model, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_scenario_id": self.id, **{f"default_{key}": value for key, value in defaults.items()}},
        }

    def delete_question(self):
        """Text of the confirmation before these scenarios are deleted: how many people are inside (S8).

        :raise UserError: one of them is active
        """
        self.check_access("unlink")
        self._unlink_except_active()
        people = sum(self.mapped("running_count"))
        return self.env._(
            "%(names)s: %(steps)s steps and the whole history of %(done)s finished runs are deleted. "
            "%(people)s people are inside now and leave. This cannot be undone.",
            names=", ".join(self.mapped("name")),
            steps=sum(self.mapped("step_count")),
            done=sum(self.mapped("done_count")),
            people=people,
        )
