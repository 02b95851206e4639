"""When goals are looked at: at the events that their rules name, and when the engine visits a run anyway (S43, S57).

Nothing is looked for among those who wait: an event is about people, and their runs are found by them.
"""

import logging

from odoo import api, models
from odoo.tools import ormcache

from .. import clock
from ..conflicts import TRANSACTION_ERRORS
from ..dry import is_dry
from . import sql

_logger = logging.getLogger(__name__)


class MarketingScenarioGoal(models.Model):
    _inherit = "marketing.scenario.goal"

    @api.model
    @ormcache()
    def _watched(self):
        """What goals wait for, of the scenarios that were ever activated.

        :return: ``({kind of event: goal ids}, {scenario id: (all goal ids, those that not every event announces)})``
        """
        # sudo: does not depend on who causes an event; archived scenarios have people whose time is not over
        goals = self.sudo().with_context(active_test=False).search([("scenario_id.state", "!=", "draft")])
        by_kind, by_scenario = {}, {}
        for goal in goals:
            for kind in goal._rule_events(waiting=True):
                by_kind.setdefault(kind, []).append(goal.id)
            everything, unannounced = by_scenario.setdefault(goal.scenario_id.id, ([], []))
            everything.append(goal.id)
            if not goal._is_announced():
                unannounced.append(goal.id)
        return by_kind, by_scenario

    @api.model
    def _look_at_event(self, kind, partner_ids, lead_ids):
        """Look at the goals that this kind of event may bring these records' people to."""
        if goal_ids := self._watched()[0].get(kind):
            self.env.flush_all()
            now = clock.now(self.env)
            self._look(sql.concerned(self.env.cr, goal_ids, partner_ids, lead_ids, now))

    @api.model
    def _look_at_runs(self, runs):
        """Look at the goals of runs that the engine visits: those that no event announces; all of them when a run
        begins, for what holds already is not reached, and in a dry run, which has no queue of events.

        :return: the runs that left
        """
        left = runs.browse()
        watched = self._watched()[1]
        for scenario, mine in runs.grouped("scenario_id").items() if watched else ():
            everything, unannounced = watched.get(scenario.id, ((), ()))
            fresh = mine.filtered(lambda run: not run.wait_from)
            known = mine - fresh
            self._look_among(everything, fresh, early=True)
            left |= self._look_among(everything if is_dry(self.env) else unannounced, known)
        return left

    def _look_among(self, goal_ids, runs, early=False):
        if not goal_ids or not runs:
            return runs.browse()
        self.env.flush_all()
        return self._look(sql.among(self.env.cr, goal_ids, runs.ids, clock.now(self.env)), early)

    @api.model
    def _look(self, found, early=False):
        """:param found: ``{goal id: [enrollment ids]}``"""
        # sudo: facts are judged, no matter who caused the event or clicked "run now"
        goals, left = self.sudo().browse(found), self.env["marketing.scenario.enrollment"].sudo()
        for goal in goals:
            left |= goal._look_whether(left.browse(found[goal.id]), early)
        return left

    def _look_whether(self, runs, early):
        """Have this goal judge these runs. What is wrong with it costs nobody their walk."""
        try:
            with self.env.cr.savepoint():
                reached = self._match_rules(runs)
                return self._reach(reached, early) if reached else reached
        except TRANSACTION_ERRORS:
            raise
        except Exception:  # noqa: BLE001 see above; the check before activation names what is missing
            _logger.info("Goal %s of scenario %s cannot be judged", self.id, self.scenario_id.id, exc_info=True)
            return runs.browse()

    # -- what changes what is watched ------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        goals = super().create(vals_list)
        self.env.registry.clear_cache()
        return goals

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"name", "sequence"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class MarketingScenarioRule(models.Model):
    _inherit = "marketing.scenario.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._goals_changed()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._goals_changed()
        return result

    def unlink(self):
        goals = self.goal_id
        result = super().unlink()
        if goals:
            self.env.registry.clear_cache()
        return result

    def _goals_changed(self):
        if self.goal_id:
            self.env.registry.clear_cache()


class MarketingAutomatismEvent(models.Model):
    _inherit = "marketing.automatism.event"

    @api.model
    def _awaited(self):
        return super()._awaited() | self.env["marketing.scenario.goal"]._watched()[0].keys()

    def _wake_waiting(self, kind):
        """Goals look at the same events as the conditions that wait."""
        result = super()._wake_waiting(kind)
        ids = {model: list(set(group.mapped("res_id"))) for model, group in self.grouped("res_model").items()}
        goals = self.env["marketing.scenario.goal"]
        goals._look_at_event(kind, ids.get("res.partner", []), ids.get("crm.lead", []))
        return result


class MarketingScenarioEngine(models.AbstractModel):
    _inherit = "marketing.scenario.engine"

    def _looked_at(self, rows):
        """Before they walk on: who has reached a goal that ends the run gets no further message."""
        runs = self.env["marketing.scenario.enrollment"].browse(row[0] for row in rows)
        left = set(self.env["marketing.scenario.goal"]._look_at_runs(runs).ids)
        return super()._looked_at([row for row in rows if row[0] not in left] if left else rows)

    def _run_rows(self, rows):
        """Whose run is over is visited no more: what its last steps did is looked at now."""
        result = super()._run_rows(rows)
        goals = self.env["marketing.scenario.goal"]
        if any(unannounced for _everything, unannounced in goals._watched()[1].values()):
            runs = self.env["marketing.scenario.enrollment"].browse(row[0] for row in rows)
            goals._look_at_runs(runs.filtered("ended_at"))
        return result
