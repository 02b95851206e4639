from odoo import api, fields, models
from odoo.tools.sql import create_index, make_index_name

from .. import clock
from . import sql
from .reasons import REASONS
from .states import CONTROL, DOORS


class MarketingScenarioEnrollment(models.Model):
    """One run of one target through one scenario. The engine alone moves it, by SQL; users act through methods."""

    _name = "marketing.scenario.enrollment"
    _description = "Scenario enrollment"
    _order = "id desc"
    _inherit = ["marketing.target.visibility"]
    _rec_name = "target_name"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)  # see init
    company_id = fields.Many2one("res.company", index=True)  # for the record rule: a small company beside a large one
    target_kind = fields.Selection(
        [("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], string="Kind", required=True
    )
    # for the indexes of these two see init
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="set null", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    # which person the target is, as the room "person" says; kept current by the target's hooks
    person_key = fields.Char("Person", readonly=True, copy=False)
    target_name = fields.Char("Name", compute="_compute_target_name")
    step_id = fields.Many2one("marketing.scenario.step", ondelete="set null", index="btree_not_null")
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("error", "Error"),
            (CONTROL, "Control group"),
        ],
        default="running",
        required=True,
    )
    next_run_at = fields.Datetime("Next moment", help="When the engine takes up this enrollment next.")
    wake_outcome = fields.Char(help="Way out of the step taken at that moment; empty: the step is executed.")
    wait_until = fields.Datetime("Waits until", help="Deadline of a condition that waits.")
    wait_from = fields.Datetime(
        "Wait counted from",
        copy=False,
        help="When this enrollment came to its step; later by the time during which it was on hold or out.",
    )
    is_late = fields.Boolean(
        "Too late", copy=False, help="Messages that come before its next wait are too late and are not sent (S7)."
    )
    wait_reason = fields.Selection(REASONS, string="Waits because")
    run_number = fields.Integer("Run", default=1, required=True)
    attempts = fields.Integer("Tries", default=0)
    error_message = fields.Text("Error")
    error_stack = fields.Text(
        "Stack trace",
        copy=False,
        groups="marketing_scenario.group_scenario_manager",
        help="Where in the program the error happened, for who mends it.",
    )
    end_reason = fields.Selection(REASONS)
    door = fields.Selection(DOORS, string="Entered by")
    entered_at = fields.Datetime("Entered on")
    entered_by_id = fields.Many2one("res.users", string="Entered by user")
    ended_at = fields.Datetime("Ended on")
    paused_at = fields.Datetime()
    place_left = fields.Json(
        "Place when leaving", copy=False, help="State and wait of a run that left early, should it be put back."
    )
    trace_ids = fields.One2many("marketing.scenario.trace", "enrollment_id", string="Path")

    _one_target = models.Constraint(
        "CHECK (num_nonnulls(partner_id, lead_id) <= 1)",
        "An enrollment has one target.",
    )
    _running_has_moment = models.Constraint(
        "CHECK (state <> 'running' OR next_run_at IS NOT NULL)",
        "A running enrollment needs its next moment, or it is never looked at again.",
    )
    # The claim of the engine and its idle probe: only rows that will run, in order, per scenario.
    _due_idx = models.Index("(scenario_id, next_run_at, id) WHERE state = 'running'")
    # the few that stand still are found among all the others
    _held_idx = models.Index("(state, step_id) WHERE state IN ('error', 'paused')")
    # clean-up of finished runs, oldest first
    _ended_idx = models.Index("(ended_at) WHERE ended_at IS NOT NULL")
    # At most one live run per person and scenario, no matter how many enroll which of their records at the same time:
    # an index cannot look through a lead at its contact, so each row says who it is.
    _person_live_unique = models.UniqueIndex(
        "(scenario_id, person_key) WHERE state IN ('running', 'paused', 'error') AND person_key IS NOT NULL",
        "This person is already in the scenario.",
    )
    # runs of a person: earlier ones in the scenario, live ones in others
    _person_idx = models.Index("(person_key, scenario_id) WHERE person_key IS NOT NULL")

    def init(self):
        """Make three indexes before Odoo makes narrower ones of the same names, which are not needed beside them: each
        move of a run writes to all its indexes.

        * ``scenario_id``: counts by state then read nothing else, and a narrow one beside it would be chosen for them.
        * The target: two entries at the same instant cannot both be run number n, even if the first is already over.
        """
        cr, table = self.env.cr, self._table
        create_index(cr, make_index_name(table, "scenario_id"), table, ["scenario_id", "state", "id"])
        for column in ("partner_id", "lead_id"):
            run = [column, "scenario_id", "run_number"]
            create_index(cr, make_index_name(table, column), table, run, where=f"{column} IS NOT NULL", unique=True)
        return super().init()

    @api.model_create_multi
    def create(self, vals_list):
        enrollments = super().create(vals_list)
        (enrollments.partner_id or enrollments.lead_id)._flush_persons()
        enrollments._renew_persons(enrollments.ids)
        return enrollments

    @api.model
    def _renew_persons(self, who):
        """Say anew who the target of these runs is; of two live runs of one person in a scenario one goes on.

        :param who: ids of enrollments, or an SQL sub-select of them
        """
        self.flush_model()
        if sql.renew_persons(self.env.cr, who, clock.now(self.env)):
            self.invalidate_model()
            self.env["marketing.scenario.trace"].invalidate_model()

    @api.depends("partner_id", "lead_id")
    def _compute_target_name(self):
        for enrollment in self:
            target = enrollment.partner_id or enrollment.lead_id
            enrollment.target_name = target.display_name or self.env._("Deleted record")

    def _targets(self):
        """``{"res.partner": records, "crm.lead": records}``, only the models that occur."""
        targets = {"res.partner": self.partner_id, "crm.lead": self.lead_id}
        return {model: records for model, records in targets.items() if records}

    def _by_target(self):
        """``{(model, record id): enrollment}``; within one scenario a target has one live enrollment."""
        return {(record._name, record.id): self.browse(i) for record, i in self._pairs()}

    def _pairs(self):
        for enrollment in self:
            target = enrollment.partner_id or enrollment.lead_id
            if target:
                yield target, enrollment.id

    def _ids_of(self, records):
        """``[(enrollment id, record id)]`` for the enrollments whose target is among ``records``."""
        field = records._marketing_column
        wanted = set(records.ids)
        return [
            (enrollment.id, record_id)
            for enrollment in self
            if (record_id := enrollment[field].id) and record_id in wanted
        ]

    def _having(self, matching):
        """The enrollments whose target is among ``matching`` = ``{model: ids}``."""
        wanted = {model: set(ids) for model, ids in matching.items()}
        partners, leads = wanted.get("res.partner", set()), wanted.get("crm.lead", set())
        return self.browse(
            [e.id for e in self if e.partner_id.id in partners or e.lead_id.id in leads] if partners or leads else []
        )
