from odoo import api, fields, models
from odoo.exceptions import UserError

from ..enrollment.reasons import REASONS
from ..enrollment.states import DOORS
from ..notice import notice
from .summary import summarize


class MarketingScenarioRefusal(models.Model):
    """A rejection: an entry that was rejected, with its reason; never silent (S10, S18)."""

    _name = "marketing.scenario.refusal"
    _description = "Rejected entry"
    _inherit = ["marketing.target.visibility"]
    _order = "id desc"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scenario_id.company_id", store=True)
    target_kind = fields.Selection([("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], string="Kind")
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    target_name = fields.Char("Name", compute="_compute_target_name")
    reason = fields.Selection(REASONS, required=True)
    holder_id = fields.Many2one(
        "marketing.scenario.enrollment",
        string="Run in the way",
        ondelete="set null",
        index="btree_not_null",
        help="The run that this person has already, be it with another of their records.",
    )
    holder_target = fields.Char("Held by", compute="_compute_holder_target")
    door = fields.Selection(DOORS)
    user_id = fields.Many2one("res.users", string="Asked by")
    at = fields.Datetime("Moment", required=True)
    state = fields.Selection(
        [("open", "Rejected"), ("entered", "Entered later"), ("dismissed", "Dismissed")], default="open", required=True
    )

    can_enter = fields.Boolean(compute="_compute_can_enter", help="Whether they would enter if they were sent in now.")

    _open_idx = models.Index("(scenario_id) WHERE state = 'open'")

    @api.depends("partner_id", "lead_id")
    def _compute_target_name(self):
        for rejection in self:
            rejection.target_name = (rejection.partner_id or rejection.lead_id).display_name

    @api.depends("target_name")
    def _compute_display_name(self):
        for rejection in self:
            rejection.display_name = rejection.target_name

    @api.depends("holder_id", "partner_id", "lead_id", "scenario_id")
    @api.depends_context("lang")
    def _compute_holder_target(self):
        """Where to look, when it is another record or another scenario."""
        kinds = dict(self._fields["target_kind"]._description_selection(self.env))
        for rejection in self:
            # sudo: the run is of the same person as the record this user sees; its name and kind say where to look
            run = rejection.holder_id.sudo()
            kind = kinds.get(run.target_kind, "")
            if not run:
                rejection.holder_target = False
            elif run.scenario_id != rejection.scenario_id:
                rejection.holder_target = self.env._(
                    "%(kind)s “%(name)s”, in “%(scenario)s”",
                    kind=kind,
                    name=run.target_name,
                    scenario=run.scenario_id.name,
                )
            elif (run.partner_id, run.lead_id) == (rejection.partner_id, rejection.lead_id):
                rejection.holder_target = self.env._("The same record")
            else:
                rejection.holder_target = self.env._("%(kind)s “%(name)s”", kind=kind, name=run.target_name)

    @api.depends("state", "partner_id", "lead_id", "scenario_id")
    def _compute_can_enter(self):
        self.can_enter = False
        waiting = self.filtered(lambda rejection: rejection.state == "open")
        for scenario, rejections in waiting.grouped("scenario_id").items():
            for field in ("partner_id", "lead_id"):
                concerned = rejections.filtered(field)
                rejected = scenario._rejections_for(concerned[field])
                for rejection in concerned:
                    rejection.can_enter = rejection[field].id not in rejected

    def action_enter_now(self):
        """Send those of the rejected records in who may enter by now; the others stay in the list, once (S18).

        :return: notice of how many entered, and why others did not
        :raise UserError: no one could enter; the message says why
        """
        runs = self.env["marketing.scenario.enrollment"]
        entered, reasons = self.browse(), []
        waiting = self.filtered(lambda rejection: rejection.state == "open")
        if not waiting:
            raise UserError(self.env._("These entries are settled already."))
        for (scenario, door), rejections in waiting.grouped(
            lambda rejection: (rejection.scenario_id, rejection.door)
        ).items():
            for field in ("partner_id", "lead_id"):
                concerned = rejections.filtered(field)
                rejected = scenario._rejections_for(concerned[field])
                able = concerned[field].filtered(lambda record, rejected=rejected: record.id not in rejected)
                enrollments, too_late = scenario._enroll_allowed(able, door or "hand")
                reasons += [*rejected.values(), *too_late.values()]
                runs |= enrollments
                went_in = enrollments.sudo()[field]
                entered |= concerned.filtered(lambda r, field=field, went_in=went_in: r[field] in went_in)
        rejected = dict(enumerate(reasons))
        if not entered:
            raise UserError(
                self.env._("Nobody could enter: %(reasons)s.", reasons=summarize(self.env, rejected, len(rejected)))
            )
        # sudo: rejections are written by the addon only
        entered.sudo().write({"state": "entered"})
        scenario = self.scenario_id
        return (scenario if len(scenario) == 1 else scenario.browse())._notify_entry(runs, rejected)

    def action_dismiss(self):
        """Take the rows off the list of open rejections."""
        waiting = self.filtered(lambda rejection: rejection.state == "open")
        for records in (waiting.partner_id, waiting.lead_id):
            records.check_access("write")
        waiting.sudo().write({"state": "dismissed"})  # sudo: rejections are written by the addon only
        return len(self) == 1 or notice(self.env._("Dismissed: %(count)s.", count=len(waiting)))


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    refusal_ids = fields.One2many("marketing.scenario.refusal", "scenario_id", string="Rejected entries")
    refused_count = fields.Integer("Rejections", compute="_compute_refused_count")

    def _compute_refused_count(self):
        open_rejections = [("scenario_id", "in", self.ids), ("state", "=", "open")]
        # sudo: figures only
        groups = (
            self.env["marketing.scenario.refusal"].sudo()._read_group(open_rejections, ["scenario_id"], ["__count"])
        )
        counts = {scenario.id: count for scenario, count in groups}
        for scenario in self:
            scenario.refused_count = counts.get(scenario.id, 0)

    def action_view_refusals(self):
        """Stat button: rejected entries, the open ones first in view (S18)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.marketing_scenario_refusal_action")
        return {**action, "domain": [("scenario_id", "=", self.id)], "context": {"search_default_open": 1}}


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _forget_person(self, person):
        """Rejections go; what went wrong with a dynamic query no longer names these people."""
        self.env["marketing.scenario.refusal"].search([(self._marketing_column, "in", self.ids)]).unlink()
        queries = self.env["marketing.scenario.query"].with_context(active_test=False)
        failed = queries.search([("error_message", "!=", False)])
        words = self._person_words() if failed else ()
        failed.filtered(lambda query: any(word in query.error_message.lower() for word in words)).error_message = False
        return super()._forget_person(person)

    def _person_report(self):
        rejections = self.env["marketing.scenario.refusal"].search([(self._marketing_column, "in", self.ids)])
        return {
            **super()._person_report(),
            self.env._("Rejected entries"): self._report_rows(
                rejections.sorted("id"), ("at", "scenario_id", "door", "reason", "state")
            ),
        }
