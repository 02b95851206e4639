import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .. import clock
from ..conflicts import TRANSACTION_ERRORS
from ..engine.drain import drain
from ..target.filters import domain_of, trial
from ..target.rights import stamp_runs_as, with_rights_of
from . import sql

_logger = logging.getLogger(__name__)

CADENCES = {"hourly": timedelta(hours=1), "six_hours": timedelta(hours=6), "daily": timedelta(days=1)}


class MarketingScenarioQuery(models.Model):
    """A dynamic query: each record that starts to match enters the scenario (S15, R18).

    It runs with the rights of who set its filter (S53). While the scenario takes nobody it is not evaluated, and its
    memory stays as it is: who matches when the scenario is activated starts to match then.
    """

    _name = "marketing.scenario.query"
    _description = "Dynamic query"
    _inherit = ["marketing.linked"]
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
        copy=False,
        help="Who set the filter last: only records that this person may change enter.",
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

    @api.constrains("domain", "model_name", "user_id")
    def _check_domain(self):
        """The filter is tried with the rights with which it will run."""
        for query in self:
            records = query._as_runner(self.env[query.model_name])
            if problem := trial(records, lambda q=query, r=records: domain_of(r, q.domain)):
                raise ValidationError(
                    self.env._("Filter: it cannot be read (%(error)s). Build it again.", error=problem)
                )

    @api.model_create_multi
    def create(self, vals_list):
        queries = super().create([stamp_runs_as(self.env, vals, new=True) for vals in vals_list])
        queries.next_run_at = clock.now(self.env)
        self._cron()._trigger()
        return queries

    def write(self, vals):
        """A query whose filter changed forgets its memory of another model, and is evaluated again at once."""
        vals = stamp_runs_as(self.env, vals, new=not vals.keys().isdisjoint(("domain", "model_name", "scenario_id")))
        if "model_name" in vals:
            sql.forget_matches(self.env.cr, self.filtered(lambda q: q.model_name != vals["model_name"]).ids)
        if {"domain", "model_name", "active", "user_id"} & set(vals):
            vals = {**vals, "next_run_at": clock.now(self.env)}
        return super().write(vals)

    def _as_runner(self, records):
        return with_rights_of(records, self.user_id, self.scenario_id.company_id)

    def _matching(self):
        """Query object of the ids that match now, with the rights of ``user_id`` in the scenario's company."""
        records = self._as_runner(self.env[self.model_name])
        return records._search(domain_of(records, self.domain))

    def action_run(self):
        """Evaluate now.

        :raise UserError: the scenario takes nobody at the moment
        """
        self.check_access("write")
        for query in self:
            if query.scenario_id._closed_reason():
                raise UserError(
                    self.env._(
                        "“%(scenario)s” takes nobody now. Activate it: its queries are evaluated then.",
                        scenario=query.scenario_id.name,
                    )
                )
            query._evaluate()
        return True

    def _evaluate(self):
        """Send in the records that started to match since the last evaluation; forget those that stopped (S15).

        Set-based: the matches never come to Python, only what changed does.
        """
        self.ensure_one()
        self.env.flush_all()
        now = clock.now(self.env)
        started, stopped, left = sql.query_changes(self.env.cr, self.id, self._matching().subselect())
        if started and (self.last_run_at or self.enter_existing):
            self._send_in(started)
        if left and self.leave_on_no_match:
            self.env["marketing.scenario.enrollment"].browse(left)._stop("no_longer_matches")
        # sudo: what the server notes; a manager does not write it
        self.sudo().write({"last_run_at": now, "next_run_at": now + CADENCES[self.cadence], "error_message": False})

    def _send_in(self, started):
        """By the door through which that person would send them by hand; noted, to take out only those."""
        scenario = self._as_runner(self.scenario_id)
        enrollments, _rejected = scenario._enroll_allowed(
            scenario.env[self.model_name].browse(started), "query", origin=self.name
        )
        sql.note_query_entries(self.env.cr, self.id, enrollments.ids)

    @api.model
    def _cron_evaluate(self):
        """Cron: evaluate the queries that are due, each in its own transaction."""
        open_now = Domain("scenario_id.state", "=", "active")

        def work():
            due = self.search(open_now & Domain("next_run_at", "<=", clock.now(self.env)), order="next_run_at")
            query = due.try_lock_for_update(limit=1)
            if query:
                query._evaluate_or_tell()
            return len(query)

        drain(self._cron(), work, lambda: self.search(open_now, order="next_run_at", limit=1).next_run_at)

    def _evaluate_or_tell(self):
        """Evaluate this query; what is wrong with it stands on it and costs no other query anything."""
        later = clock.now(self.env) + CADENCES[self.cadence]
        if self.scenario_id._closed_reason():
            self.next_run_at = later
            return
        try:
            with self.env.cr.savepoint():
                self._evaluate()
        except TRANSACTION_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 whatever one query meets, the others are evaluated (S45)
            _logger.info("Dynamic query %s cannot be evaluated", self.id, exc_info=True)
            self._tell_owner(str(error).strip() or type(error).__name__)
            self.next_run_at = later

    def _tell_owner(self, problem):
        """Keep what is wrong on the query; the first time, its user hears of it."""
        known, self.error_message = self.error_message, problem
        if known:
            return
        owner = self.user_id if self.user_id.sudo().active else self.scenario_id.user_id
        texts = self.with_context(lang=owner.lang or self.env.lang).env
        self.scenario_id.message_post(
            subject=texts._("Dynamic query in error: %(name)s", name=self.name),
            body=texts._(
                "The dynamic query “%(name)s” cannot be evaluated: %(error)s. Nobody enters by it until it is mended.",
                name=self.name,
                error=problem,
            ),
            partner_ids=owner.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    @api.model
    def _cron(self):
        # sudo: managers have no right on crons
        return self.env.ref("marketing_scenario.ir_cron_queries").sudo()


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    query_ids = fields.One2many("marketing.scenario.query", "scenario_id", string="Dynamic queries")

    def write(self, vals):
        """Once active, a scenario looks at once who matches its queries."""
        result = super().write(vals)
        if vals.get("state") == "active":
            queries = self.query_ids
            # sudo: the moment is noted by the server
            queries.sudo().next_run_at = clock.now(self.env)
            if queries:
                queries._cron()._trigger()
        return result


class MarketingScenarioQueryMatch(models.Model):
    """Memory of a dynamic query: who matched at the last evaluation. Written by SQL only."""

    _name = "marketing.scenario.query.match"
    _description = "Match of a dynamic query"
    _log_access = False

    query_id = fields.Many2one("marketing.scenario.query", required=True, ondelete="cascade")
    res_id = fields.Integer(required=True)
    enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment", ondelete="set null", index="btree_not_null", help="Entered by this query."
    )

    _match_unique = models.UniqueIndex("(query_id, res_id)", "A record is remembered once per query.")
