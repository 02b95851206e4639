from odoo import api, fields, models
from odoo.exceptions import AccessError

FIELDS = ("server_action_partner_id", "server_action_lead_id")


class StepServerAction(models.Model):
    """Server action (S27): one for contacts and accounts, one for leads, called once for the whole group."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(
        selection_add=[("server_action", "Server action")], ondelete={"server_action": "cascade"}
    )
    server_action_partner_id = fields.Many2one(
        "ir.actions.server",
        string="Action on contacts and accounts",
        ondelete="restrict",
        domain=[("model_id.model", "=", "res.partner")],
    )
    server_action_lead_id = fields.Many2one(
        "ir.actions.server",
        string="Action on leads",
        ondelete="restrict",
        domain=[("model_id.model", "=", "crm.lead")],
        help="Empty: leads go on without anything being done.",
    )

    def _describe_server_action(self):
        # sudo: the names of the actions are shown to all who see the scenario
        names = [action.sudo().name for action in (self.server_action_partner_id, self.server_action_lead_id) if action]
        return {
            "family": "action",
            "place": 60,
            "icon": "fa-cogs",
            "outcomes": [("next", self.env._("Next"))],
            "summary": " / ".join(dict.fromkeys(names)),
        }

    def _server_action(self, model):
        # sudo: who may edit the step has chosen the action among those they may see
        return self.sudo()[f"server_action_{'lead' if model == 'crm.lead' else 'partner'}_id"]

    def _validate_server_action(self):
        issues = []
        actions = {model: self._server_action(model) for model in ("res.partner", "crm.lead")}
        if not any(actions.values()):
            issues.append(self._issue("no_action", self.env._("no action. Choose what to run.")))
        for model, action in actions.items():
            if action and action.model_id.model != model:
                message = self.env._("the action “%(action)s” is for other records.", action=action.name)
                issues.append(self._issue("wrong_model", message))
            if action.warning:
                message = self.env._("the action “%(action)s”: %(text)s", action=action.name, text=action.warning)
                issues.append(self._issue("action_warning", message))
        return issues

    def _execute_server_action(self, decisions, enrollments):
        for model, records in enrollments._targets().items():
            own = enrollments._having({model: records.ids})
            action = self._server_action(model)
            if not action:
                decisions.skip(own, "not_for_kind")
                continue
            action.with_context(active_model=model, active_ids=records.ids, active_id=records[:1].id).run()
            decisions.advance(own)

    @api.constrains(*FIELDS)
    def _check_server_action(self):
        """Only who may see server actions chooses one; others may copy steps that have been set so.

        :raise AccessError: an action that no step of an administrator uses
        """
        # Odoo checks constraints as superuser: ask for the person who writes
        if self.sudo(False).env["ir.actions.server"].has_access("read"):
            return
        for step in self:
            for name in FIELDS:
                used = [(name, "=", step[name].id), ("id", "not in", self.ids)]
                if step[name] and not step.search_count(used, limit=1):
                    raise AccessError(self.env._("Only an administrator may choose the server action of a step."))
