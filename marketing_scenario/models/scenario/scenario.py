from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from . import sql

# In the context of a write: one of the actions sets the state. No one outside the server can say so.
BY_ACTION = object()

STATES = [("draft", "Draft"), ("active", "Active"), ("inactive", "Inactive")]
KINDS = {
    "all": ("contact", "account", "lead"),
    "contact": ("contact",),
    "account": ("account",),
    "lead": ("lead",),
    "contact_account": ("contact", "account"),
    "contact_lead": ("contact", "lead"),
    "account_lead": ("account", "lead"),
}


class MarketingScenario(models.Model):
    """A tree of steps that targets walk through on their own (S6–S11)."""

    _name = "marketing.scenario"
    _description = "Marketing scenario"
    _inherit = ["mail.thread", "marketing.linked"]
    _order = "state, name, id"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, copy=False, help="An archived scenario does nothing and is out of the lists.")
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, copy=False, tracking=True)
    description = fields.Text()
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        default=lambda self: self.env.user,
        required=True,
        copy=False,
        help="The scenario runs with the rights of its owner, who is notified of errors and of suspended sendings.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="restrict",
        help="Only records of this company, or of none, may enter. Empty: records of all companies.",
    )
    target_kinds = fields.Selection(
        [
            ("all", "Contacts, accounts and leads"),
            ("contact", "Contacts"),
            ("account", "Accounts"),
            ("lead", "Leads"),
            ("contact_account", "Contacts and accounts"),
            ("contact_lead", "Contacts and leads"),
            ("account_lead", "Accounts and leads"),
        ],
        string="Accepts",
        default="all",
        required=True,
    )
    step_ids = fields.One2many("marketing.scenario.step", "scenario_id", string="Steps")
    start_step_id = fields.Many2one("marketing.scenario.step", compute="_compute_start_step_id")

    reentry = fields.Selection(
        [
            ("never", "Never"),
            ("finished", "Once the earlier run is over"),
            ("after_days", "Some days after the last entry"),
        ],
        string="May enter again",
        default="never",
        required=True,
    )
    reentry_days = fields.Integer("Days before entering again", default=30)
    allow_other_scenarios = fields.Boolean(
        "Allow presence in several scenarios",
        default=True,
        help="When off, a record that is in another scenario is rejected, and the rejection is listed.",
    )
    same_person = fields.Selection(
        [
            ("refuse", "The first one stays, the other is rejected"),
            ("further", "The one further along goes on"),
        ],
        string="Two records of one person",
        default="refuse",
        required=True,
        help="A contact and its leads, or records with the same email address, are one person: only one of them walks "
        "the scenario at a time.",
    )
    on_refused = fields.Selection(
        [
            ("go_on", "Go on with the next step"),
            ("wait", "Wait, ask again every day"),
            ("leave", "Leave the scenario"),
        ],
        string="When a message may not go",
        default="go_on",
        required=True,
        help="A message does not go without opt-in, address, or against the person's wish. The reason is kept.",
    )
    leave_on_unsubscribe = fields.Boolean("Leave when unsubscribing", default=True)
    leave_on_lead_closed = fields.Boolean(
        "Leads leave when won, lost or archived",
        default=True,
    )
    visit_limit = fields.Integer(
        "Visits per step",
        default=10,
        required=True,
        help="A record that would come to the same step more often through a loop leaves the scenario.",
    )
    date_start = fields.Datetime("Starts on", help="Those who enter earlier wait for this moment.")
    date_end = fields.Datetime("Ends on", help="Nobody enters after this moment.")
    window_id = fields.Many2one(
        "marketing.window",
        string="Sending window",
        help="Hours and days on which messages may go. Empty: the company's default.",
    )
    campaign_id = fields.Many2one("utm.campaign", string="UTM campaign", help="Put on the links of the mails.")

    _archived_rests = models.Constraint(
        "CHECK (active OR state <> 'active')",
        "An archived scenario cannot be active: bring it back from the archive first.",
    )
    _reentry_days_positive = models.Constraint(
        "CHECK (reentry <> 'after_days' OR reentry_days > 0)",
        "The number of days before entering again must be at least 1.",
    )
    _visit_limit_positive = models.Constraint(
        "CHECK (visit_limit > 0)",
        "The number of visits per step must be at least 1.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_start IS NULL OR date_end > date_start)",
        "The end of the scenario must come after its start.",
    )

    @api.depends("step_ids.parent_id")
    def _compute_start_step_id(self):
        for scenario in self:
            scenario.start_step_id = scenario.step_ids.filtered(lambda step: not step.parent_id)[:1]

    @api.model_create_multi
    def create(self, vals_list):
        self._check_state_is_ours({vals.get("state") or "draft" for vals in vals_list} - {"draft"})
        scenarios = super().create(vals_list)
        if not self.env.context.get("marketing_without_start"):
            scenarios._ensure_start()
        if any(scenario.state != "draft" for scenario in scenarios):
            self.env.registry.clear_cache()
        return scenarios

    def write(self, vals):
        if vals.get("active") is False:
            self.action_deactivate()
        if "state" in vals:
            self._check_state_is_ours(set(self.mapped("state")) - {vals["state"]})
        result = super().write(vals)
        if "state" in vals:
            # which scenarios are active is cached: see _ever_activated and the listeners of automations
            self.env.registry.clear_cache()
        return result

    def _check_state_is_ours(self, changes):
        """S7, S40: only the actions set the state, so that nothing runs unchecked."""
        if changes and self.env.context.get("marketing_by_action") is not BY_ACTION:
            raise UserError(
                self.env._(
                    "The state of a scenario cannot be written. Use “Activate”, which checks the scenario first, "
                    "or “Deactivate”."
                )
            )

    def _set_state(self, state):
        """Write the state; the callers made sure that it may be so."""
        self.with_context(marketing_by_action=BY_ACTION).write({"state": state})

    def _claim_trees(self):
        """See ``sql.claim_trees``; call it before looking at a tree that is to be changed."""
        if self.ids:
            self.flush_recordset()
            sql.claim_trees(self.env.cr, self.ids)

    @api.model
    @ormcache()
    def _ever_activated(self):
        """Whether someone may be in a scenario at all: until then it costs nothing to follow targets."""
        # sudo: does not depend on who asks
        everything = self.sudo().with_context(active_test=False)
        return bool(everything.search_count([("state", "!=", "draft")], limit=1))

    def _ensure_start(self):
        """S24/R6: every scenario begins with a Start step that exists by default."""
        without = self.filtered(lambda scenario: not scenario.step_ids)
        steps = self.env["marketing.scenario.step"]
        start = steps._edge_type("start")
        steps.create(
            [{"scenario_id": scenario.id, "name": steps._type_label(start), "step_type": start} for scenario in without]
        )

    def copy(self, default=None):
        """S8: the whole tree, settings and texts; never the enrollments."""
        copies = super(MarketingScenario, self.with_context(marketing_without_start=True)).copy(default)
        for scenario, copied in zip(self, copies, strict=True):
            scenario._copy_tree_to(copied)
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if not (default or {}).get("name"):
            for scenario, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=scenario.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_active(self):
        active = self.filtered(lambda scenario: scenario.state == "active")
        if active:
            raise UserError(
                self.env._(
                    "%(names)s: an active scenario cannot be deleted. Deactivate it first.",
                    names=", ".join(active.mapped("name")),
                )
            )

    def _kinds(self):
        """Target kinds the scenario accepts: a tuple out of contact, account, lead."""
        return KINDS[self.target_kinds]

    def _target_models(self):
        kinds = self._kinds()
        return [
            model
            for model, own in (("res.partner", {"contact", "account"}), ("crm.lead", {"lead"}))
            if own & set(kinds)
        ]
