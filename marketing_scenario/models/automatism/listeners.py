"""Who listens to which event is cached (``marketing.automatism.event._listeners``); these changes make it stale.

The state of a scenario matters too: ``marketing.scenario`` clears the cache itself when it changes.
"""

from odoo import api, models

INDIFFERENT = {"position", "depth", "name"}  # fields of a step that never change what it waits for


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._listeners_changed()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - INDIFFERENT:
            self._listeners_changed()
        return result

    @api.model
    def _awaiting_types(self):
        """Step types that can wait for events: those that describe ``awaits``."""
        types = self._fields["step_type"]._description_selection(self.env)
        return [code for code, _label in types if "awaits" in self.browse()._describe(code)]

    def _listeners_changed(self):
        # people being inside an inactive scenario are woken when it is activated, which clears the cache as well
        if any(step.scenario_id.state == "active" and "awaits" in step._describe() for step in self):
            self.env.registry.clear_cache()


class MarketingScenarioRule(models.Model):
    _inherit = "marketing.scenario.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules.owner_step_id._listeners_changed()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.owner_step_id._listeners_changed()
        return result
