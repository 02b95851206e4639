"""A goal that was reached, with what it is worth (S57)."""

from odoo import api, fields, models

from .. import clock
from ..enrollment.states import CONTROL
from . import sql


class MarketingScenarioConversion(models.Model):
    """A run reached a goal. Rows are added by the server, never changed."""

    _name = "marketing.scenario.conversion"
    _description = "Goal reached in a scenario"
    _inherit = ["marketing.target.visibility"]
    _order = "id desc"
    _rec_name = "goal_id"
    _log_access = False

    goal_id = fields.Many2one("marketing.scenario.goal", ondelete="set null")
    enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment", "Person", required=True, ondelete="cascade", index=True
    )
    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    step_id = fields.Many2one("marketing.scenario.step", "On the step", ondelete="set null", index="btree_not_null")
    at = fields.Datetime("Reached on", required=True)
    days = fields.Float("Days since entry", aggregator="avg")
    is_early = fields.Boolean("Held at entry", help="The person fulfilled it already: it does not count.")
    opportunity_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    value = fields.Monetary()
    currency_id = fields.Many2one(related="company_id.currency_id")

    # one run reaches a goal once, however many look at the same time
    _once = models.UniqueIndex("(goal_id, enrollment_id) WHERE goal_id IS NOT NULL")
    _scenario_idx = models.Index("(scenario_id, at) WHERE is_early IS NOT TRUE")

    @api.model
    def _counted_domain(self, scenarios=None):
        """Those that count: not what held at the entry, and not what the control group did without the scenario.

        :param scenarios: the only ones that are asked about
        """
        may_hold = scenarios is None or any(scenarios.mapped("control_since"))
        held = [("enrollment_id.state", "!=", CONTROL)] if may_hold else []
        return [("is_early", "!=", True), *held]

    def _visible_domain(self):
        return self._may_read("enrollment_id")


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    conversion_ids = fields.One2many("marketing.scenario.conversion", "enrollment_id", "Goals reached")


class MarketingScenarioGoal(models.Model):
    _inherit = "marketing.scenario.goal"

    def _reach(self, runs, early=False):
        """Note that these runs fulfil this goal now; those that it ends leave.

        :param early: they did when they entered: it does not count, and ends nothing
        :return: the runs that left
        """
        self.ensure_one()
        self.env.flush_all()
        now = clock.now(self.env)
        rows = self._worth(runs) if not early else [(run.id, None, None, self._paying_company(run).id) for run in runs]
        reached = sql.note_conversions(self.env.cr, self.id, rows, self.name, early, now)
        self.env["marketing.scenario.conversion"].invalidate_model()
        self.env["marketing.scenario.trace"].invalidate_model()
        ending = runs.browse(reached if self.ends_run and not early else ())
        ending._stop("goal_reached")
        return ending

    def _worth(self, runs):
        """``[(run id, amount in the currency of its company or None, opportunity id or None, company id)]``"""
        opportunities = sql.opportunities(self.env.cr, runs.ids)
        rates = {}
        today = clock.now(self.env).date()
        companies = self.env["res.company"].sudo()  # sudo: currencies only
        rows = []
        for run in runs:
            company = self._paying_company(run)
            lead_id, revenue, lead_company_id = opportunities.get(run.id, (None, None, None))
            amount, currency = None, self.currency_id
            if self.value_kind == "fixed":
                amount = self.value
            elif self.value_kind == "revenue":
                amount = revenue or 0.0
                currency = (companies.browse(lead_company_id) or company).currency_id
            if amount and currency != company.currency_id:
                if (currency, company) not in rates:
                    rate = currency._get_conversion_rate(currency, company.currency_id, company, today)
                    rates[currency, company] = rate
                amount = company.currency_id.round(amount * rates[currency, company])
            rows.append((run.id, amount, lead_id, company.id))
        return rows

    def _paying_company(self, run):
        # sudo: the company of a run, no matter who caused the event
        return run.sudo().company_id or self.scenario_id._company_in_charge()
