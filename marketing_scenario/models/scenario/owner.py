"""The owner of a scenario: in their name its filters are evaluated and its fields written (S53)."""

from odoo import api, models
from odoo.exceptions import AccessError

from ..target.rights import check_runs_as, with_rights_of


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    @api.model_create_multi
    def create(self, vals_list):
        scenarios = super().create(vals_list)
        check_runs_as(self.env, scenarios.user_id.ids)
        return scenarios

    def write(self, vals):
        if "user_id" in vals:
            check_runs_as(self.env, [vals["user_id"]])
        return super().write(vals)

    def _as_owner(self, records):
        """``records`` with the rights of the owner of this scenario, in its company.

        :raise UserError: the owner is archived
        """
        self.ensure_one()
        return with_rights_of(records, self.user_id, self.company_id)

    def _check_typed_by_owner(self):
        """What runs with the rights of the owner is typed by the owner, or by an administrator.

        :raise AccessError: by somebody else; the message names the remedy
        """
        if self.env.is_system():
            return
        for scenario in self:
            if scenario.user_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "“%(name)s” runs with the rights of %(owner)s: only they may change its filters and the "
                        "fields it sets. Make yourself its owner first.",
                        name=scenario.name,
                        owner=scenario.user_id.name,
                    )
                )

    def _check_tree(self):
        issues = super()._check_tree()
        if not self._has_owner():
            message = self.env._("the owner of the scenario is archived. Choose another owner.")
            remedy = self.env._("Make me the owner")
            issues.append(self.start_step_id._issue("owner_archived", message, remedy=remedy))
        return issues

    def _has_owner(self):
        # sudo: whether the user is archived is no secret
        owner = self.user_id.sudo()
        return owner.active or owner._is_superuser()


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._stop_owned_scenarios()
        return result

    def _stop_owned_scenarios(self):
        """Nothing runs in the name of someone who left: their scenarios stop, and say why."""
        # sudo: who archives a user need not be a manager of scenarios
        scenarios = self.env["marketing.scenario"].sudo()
        owned = scenarios.search([("user_id", "in", self.ids), ("state", "=", "active")])
        if owned:
            owned.action_deactivate()
            reason = self.env._("Deactivated: its owner was archived. Choose another owner, then activate it again.")
            owned._message_log_batch(bodies=dict.fromkeys(owned.ids, reason))
