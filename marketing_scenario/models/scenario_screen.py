"""What only the screens of a scenario need: buttons, the short list of enrollments, the score edited in place."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

SHOWN = 40  # enrollments on the scenario's own page; the button shows them all
MANAGER = "marketing_scenario.group_scenario_manager"


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    shown_enrollment_ids = fields.Many2many(
        "marketing.scenario.enrollment", string="Next to move", compute="_compute_shown_enrollment_ids"
    )
    step_count = fields.Integer("Number of steps", compute="_compute_step_count")

    def _compute_shown_enrollment_ids(self):
        """Errors first, then those whose moment comes first: never more than a page, however many are inside."""
        model = self.env["marketing.scenario.enrollment"]
        for scenario in self:
            mine = Domain("scenario_id", "=", scenario._origin.id)
            shown = model.search(mine & Domain("state", "=", "error"), limit=SHOWN)
            shown += model.search(
                mine & Domain("state", "in", ("running", "paused")), limit=SHOWN, order="next_run_at, id"
            )
            shown += model.search(mine & Domain("state", "in", ("done", "stopped")), limit=SHOWN)
            scenario.shown_enrollment_ids = shown[:SHOWN]

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
        """Button *Activate*: with errors the findings in a dialog (S40), else ``action_activate``."""
        self.ensure_one()
        if any(issue["level"] == "error" for issue in self._check_issues()):
            return self.action_check()
        return self.action_activate()

    def action_check(self):
        """Button *Check*: the findings, each with its step and its remedy (S40)."""
        self.ensure_one()
        check = self.env["marketing.scenario.check"].create({"scenario_id": self.id})
        return check._action_open()

    # -- buttons ---------------------------------------------------------------------------------------------------

    def action_add_step(self):
        """Button *Add a step*: behind the last step of the trunk."""
        self.ensure_one()
        trunk = self.start_step_id._trunk()
        return (trunk[-2] if len(trunk) > 1 and not trunk[-1]._outcome_codes() else trunk[-1]).action_add_after()

    def action_add_people(self):
        """Button *Add people*: a static query (S15)."""
        self.ensure_one()
        return self._action_dialog("marketing.scenario.add.people", self.env._("Send into “%(name)s”", name=self.name))

    def action_view_enrollments(self):
        """Stat buttons: the enrollments in the states of the context (``marketing_states``), else all."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "marketing_scenario.marketing_scenario_enrollment_action"
        )
        domain = [("scenario_id", "=", self.id)]
        if states := self.env.context.get("marketing_states"):
            domain.append(("state", "in", states))
        return {**action, "domain": domain, "context": {}, "display_name": self.name}

    def action_view_refusals(self):
        """Stat button: refused entries, the open ones first in view (S18)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.marketing_scenario_refusal_action")
        return {**action, "domain": [("scenario_id", "=", self.id)], "context": {"search_default_open": 1}}

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

    # -- qualification score, edited in place (S4, S6) -------------------------------------------------------------

    @api.model
    def qualification_score(self):
        """``{"score": points, "editable": bool}`` of the current company."""
        return {
            "score": self.env.company.sudo().marketing_qualification_score,  # sudo: a figure all users may see
            "editable": self.env.user.has_group(MANAGER),
        }

    @api.model
    def set_qualification_score(self, score):
        """Change the score at which a lead becomes qualified, in the current company.

        :param score: whole number of points, at least 1
        :raise AccessError: the user is no manager
        :raise UserError: not a whole number of at least 1
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of marketing scenarios changes the qualification score."))
        if type(score) is not int or score < 1:
            raise UserError(self.env._("The qualification score is a whole number of at least 1."))
        # sudo: a scenario manager is not a settings administrator, but this number is theirs
        self.env.company.sudo().marketing_qualification_score = score
        return score
