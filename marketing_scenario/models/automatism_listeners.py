"""What somebody listens to is cached (``marketing.automatism.event._listeners``); these changes make it stale."""

from odoo import api, models


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        scenarios = super().create(vals_list)
        if any(vals.get("state", "draft") != "draft" for vals in vals_list):
            self.env.registry.clear_cache()
        return scenarios


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._listeners_changed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(("step_type", "if_wait_days", "if_wait_hours", "rule_ids", "scenario_id")):
            self._listeners_changed()
        return result

    def _listeners_changed(self):
        # people being inside an inactive scenario are woken when it is activated, which clears the cache as well
        if any(step.step_type == "if" and step.scenario_id.state == "active" for step in self):
            self.env.registry.clear_cache()


class MarketingScenarioRule(models.Model):
    _inherit = "marketing.scenario.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.step_id._listeners_changed()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.step_id._listeners_changed()
        return result
