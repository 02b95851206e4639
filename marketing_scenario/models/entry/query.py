from ast import literal_eval
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .. import clock
from ..engine.drain import drain
from . import sql

CADENCES = {"hourly": timedelta(hours=1), "six_hours": timedelta(hours=6), "daily": timedelta(days=1)}


class MarketingScenarioQuery(models.Model):
    """A dynamic query: each record that starts to match enters the scenario (S15, R18)."""

    _name = "marketing.scenario.query"
    _description = "Dynamic query"
    _order = "scenario_id, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scenario_id.company_id")
    model_name = fields.Selection(
        [("res.partner", "Contacts and accounts"), ("crm.lead", "Leads")],
        string="Records",
        required=True,
        default="res.partner",
    )
    domain = fields.Char("Filter", required=True, default="[]")
    filter_id = fields.Many2one(
        "ir.filters",
        string="Saved filter",
        domain="[('model_id', '=', model_name)]",
        help="Copies the filter once; later changes of the saved filter do not matter.",
    )
    cadence = fields.Selection(
        [("hourly", "Every hour"), ("six_hours", "Every 6 hours"), ("daily", "Every day")],
        default="daily",
        required=True,
        string="Evaluate",
    )
    enter_existing = fields.Boolean(
        "Those who match already enter too",
        default=True,
        help="Off: only records that start to match after the first evaluation.",
    )
    leave_on_no_match = fields.Boolean("Take out when it stops matching")
    user_id = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        default=lambda self: self.env.user,
        readonly=True,
    )
    last_run_at = fields.Datetime("Last evaluation", readonly=True, copy=False)
    next_run_at = fields.Datetime("Next evaluation", readonly=True, copy=False)
    match_count = fields.Integer("Matching now", compute="_compute_match_count")
    error_message = fields.Char("Error", readonly=True, copy=False)

    _next_idx = models.Index("(next_run_at) WHERE active")

    def _compute_match_count(self):
        counts = sql.query_match_counts(self.env.cr, self.ids) if self.ids else {}
        for query in self:
            query.match_count = counts.get(query.id, 0)

    @api.onchange("filter_id")
    def _onchange_filter_id(self):
        if self.filter_id:
            self.domain = self.filter_id.domain

    @api.constrains("domain", "model_name")
    def _check_domain(self):
        for query in self:
            try:
                query._matching()
            except (ValueError, KeyError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._("Filter: it cannot be read (%(error)s). Build it again.", error=error)
                ) from error

    @api.model_create_multi
    def create(self, vals_list):
        queries = super().create(vals_list)
        queries.next_run_at = clock.now(self.env)
        self._cron()._trigger()
        return queries

    def write(self, vals):
        """A query whose filter changed forgets its memory of another model, and is evaluated again at once."""
        if "model_name" in vals:
            sql.forget_matches(self.env.cr, self.filtered(lambda q: q.model_name != vals["model_name"]).ids)
        if {"domain", "model_name", "active"} & set(vals):
            vals = {**vals, "next_run_at": clock.now(self.env)}
        return super().write(vals)

    def _matching(self):
        """Query object of the ids that match now, with the rights of ``user_id`` in the scenario's company."""
        company = self.scenario_id.company_id
        model = self.env[self.model_name].with_user(self.user_id)
        if company:
            model = model.with_company(company).with_context(allowed_company_ids=company.ids)
        return model._search(Domain(literal_eval(self.domain or "[]")))

    def action_run(self):
        """Evaluate now."""
        for query in self:
            query._evaluate()
        return True

    def _evaluate(self):
        """Send in the records that started to match since the last evaluation; forget those that stopped (S15).

        Set-based: the matches never come to Python, only what changed does.
        """
        self.ensure_one()
        self.env.flush_all()
        now = clock.now(self.env)
        started, stopped = sql.query_changes(self.env.cr, self.id, self._matching().subselect())
        records = self.env[self.model_name]
        if started and (self.last_run_at or self.enter_existing):
            self.scenario_id._enroll(records.browse(started), "query", user=self.user_id, origin=self.name)
        if stopped and self.leave_on_no_match:
            self.env["marketing.scenario.enrollment"].search(
                [("scenario_id", "=", self.scenario_id.id), (records._marketing_column, "in", stopped)]
            )._stop("no_longer_matches")
        self.write({"last_run_at": now, "next_run_at": now + CADENCES[self.cadence], "error_message": False})

    @api.model
    def _cron_evaluate(self):
        """Cron: evaluate the queries that are due, each in its own transaction."""

        def work():
            due = self.search([("next_run_at", "<=", clock.now(self.env))], order="next_run_at")
            query = due.try_lock_for_update(limit=1)
            if query:
                query._evaluate_or_tell()
            return len(query)

        drain(self._cron(), work, lambda: self.search([], order="next_run_at", limit=1).next_run_at)

    def _evaluate_or_tell(self):
        """Evaluate this query; what is wrong with it stands on it and costs no other query anything."""
        try:
            with self.env.cr.savepoint():
                self._evaluate()
        except (UserError, ValueError, KeyError) as error:
            later = clock.now(self.env) + CADENCES[self.cadence]
            self.write({"error_message": str(error), "next_run_at": later})

    @api.model
    def _cron(self):
        # sudo: managers have no right on crons
        return self.env.ref("marketing_scenario.ir_cron_queries").sudo()


class MarketingScenarioQueryMatch(models.Model):
    """Memory of a dynamic query: who matched at the last evaluation. Written by SQL only."""

    _name = "marketing.scenario.query.match"
    _description = "Match of a dynamic query"
    _log_access = False

    query_id = fields.Many2one("marketing.scenario.query", required=True, ondelete="cascade")
    res_id = fields.Integer(required=True)

    _match_unique = models.UniqueIndex("(query_id, res_id)", "A record is remembered once per query.")
