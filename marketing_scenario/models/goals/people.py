"""Who reached the goals of a scenario: its rate, on the screens; and what is told to a person."""

from odoo import fields, models


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    conversion_count = fields.Integer("Reached a goal", compute="_compute_conversions")
    goal_rate = fields.Float("Goal rate", compute="_compute_conversions", help="Share of the runs that reached a goal.")

    def _compute_conversions(self):
        # sudo: figures only; a user sees the same as the manager
        conversions = self.env["marketing.scenario.conversion"].sudo()
        asked = [("scenario_id", "in", self.ids), *conversions._counted_domain(self)]
        counts = dict(conversions._read_group(asked, ["scenario_id"], ["enrollment_id:count_distinct"]))
        for scenario in self:
            reached = counts.get(scenario._origin, 0)
            runs = scenario.running_count + scenario.done_count + scenario.error_count
            scenario.conversion_count = reached
            scenario.goal_rate = reached / runs if runs else 0.0

    def action_view_conversions(self):
        """Stat button: who reached a goal, when, and what it is worth."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "marketing_scenario.marketing_scenario_conversion_action"
        )
        return {**action, "domain": [("scenario_id", "=", self.id)], "display_name": self.name}


class MarketingScenarioGoal(models.Model):
    _inherit = "marketing.scenario.goal"

    conversion_count = fields.Integer("Reached by", compute="_compute_conversion_count")

    def _compute_conversion_count(self):
        # sudo: figures only
        conversions = self.env["marketing.scenario.conversion"].sudo()
        domain = [("goal_id", "in", self.ids), *conversions._counted_domain(self.scenario_id)]
        counts = dict(conversions._read_group(domain, ["goal_id"], ["__count"]))
        for goal in self:
            goal.conversion_count = counts.get(goal._origin, 0)


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _person_report(self):
        conversions = self.env["marketing.scenario.conversion"]
        mine = [(f"enrollment_id.{self._marketing_column}", "in", self.ids)]
        return {
            **super()._person_report(),
            self.env._("Goals reached"): self._report_rows(
                conversions.search(mine, order="id"), ("at", "scenario_id", "goal_id", "is_early", "value")
            ),
        }
