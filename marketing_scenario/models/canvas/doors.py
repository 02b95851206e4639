"""Start as the list of its doors: the automations and dynamic queries by which people enter on their own (S14, S15)."""

from datetime import timedelta

from odoo import fields, models

from .. import clock
from ..conflicts import nightly

KEPT = timedelta(days=1)  # what was begun, and not touched since


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    door_automatism_ids = fields.Many2many(
        "marketing.automatism",
        string="Automations that send people here",
        compute="_compute_doors",
        context={"active_test": False},
    )
    door_query_ids = fields.Many2many(
        "marketing.scenario.query",
        string="Dynamic queries that send people here",
        compute="_compute_doors",
        context={"active_test": False},
    )

    def _compute_doors(self):
        for step in self:
            step.door_automatism_ids, step.door_query_ids = step._entered()._doors()

    def _entered(self):
        """The scenario that people enter, which a draft of changes stands for."""
        return self.scenario_id.original_id or self.scenario_id

    def _on_card_start(self):
        automatisms, queries = self._entered()._doors()
        parts = [
            self.env._("1 automation") if len(automatisms) == 1 else self.env._("%s automations", len(automatisms)),
            self.env._("1 dynamic query") if len(queries) == 1 else self.env._("%s dynamic queries", len(queries)),
        ]
        return ", ".join(part for part, doors in zip(parts, (automatisms, queries), strict=True) if doors)

    def action_add_automatism(self):
        """Begin an automation that sends people into this scenario; it is off until somebody switches it on, or with
        the scenario.

        :return: an action that shows it
        """
        scenario = self._entered()
        automatism = self.env["marketing.automatism"].create(
            {
                "name": self.env._("Into “%(scenario)s”", scenario=scenario.name),
                "company_id": scenario.company_id.id,
                "active": False,
                "action_ids": [(0, 0, {"kind": "enroll", "scenario_id": scenario.id})],
            }
        )
        if scenario.state != "active":
            automatism._open_with(scenario)
        return automatism._open_begun()

    def action_add_query(self):
        """Begin a dynamic query that sends people into this scenario; it is off until somebody switches it on.

        :return: an action that shows it
        """
        scenario = self._entered()
        name = self.env._("Into “%(scenario)s”", scenario=scenario.name)
        query = self.env["marketing.scenario.query"].create({"name": name, "scenario_id": scenario.id, "active": False})
        return query._open_begun()


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _doors(self):
        """The automations and the dynamic queries that send people into this scenario, those that are off too."""
        actions = self.env["marketing.automatism.action"].search(
            [("kind", "=", "enroll"), ("scenario_id", "=", self.id)]
        )
        queries = self.env["marketing.scenario.query"].with_context(active_test=False)
        return actions.automatism_id, queries.search([("scenario_id", "=", self.id)])


class MarketingDoor(models.AbstractModel):
    _name = "marketing.door"
    _description = "Way into a scenario"

    is_begun = fields.Boolean(
        "Only begun", copy=False, help="Made by a button of Start; nobody has said anything about it yet."
    )

    def write(self, vals):
        return super().write({"is_begun": False, **vals})

    @nightly
    def _gc_begun(self):
        """Who left the page instead of closing the panel did not mean it either."""
        if self._abstract:  # called on each model
            return
        begun = [("is_begun", "=", True), ("create_date", "<", clock.now(self.env) - KEPT)]
        self.with_context(active_test=False).search(begun).unlink()

    def action_open_door(self):
        """:return: an action that shows this record beside what one is doing"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _open_begun(self):
        """As ``action_open_door``; who closes it untouched did not mean it: the panel takes it away again."""
        self.is_begun = True
        return {**self.action_open_door(), "context": {"marketing_begun": True}}


class MarketingAutomatism(models.Model):
    _name = "marketing.automatism"
    _inherit = ["marketing.automatism", "marketing.door"]


class MarketingScenarioQuery(models.Model):
    _name = "marketing.scenario.query"
    _inherit = ["marketing.scenario.query", "marketing.door"]
