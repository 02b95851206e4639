from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import schedule
from .. import clock
from . import sql

OUTCOMES = [
    ("interested", "Interested"),
    ("appointment", "Appointment made"),
    ("not_interested", "Not interested"),
    ("no_answer", "No answer"),
    ("voicemail", "Voicemail"),
    ("callback", "Call back"),
    ("wrong_number", "Wrong number"),
    ("refused", "Wants no more calls"),
]
UNANSWERED = ("no_answer", "voicemail")


class MarketingPhoningCall(models.Model):
    """One person on a call list: whom to call, what came of it (S27).

    Those who see the person see the call. An agent writes notes and the next moment; all else goes through methods.
    """

    _name = "marketing.phoning.call"
    _description = "Call of a call campaign"
    _inherit = ["marketing.target.visibility", "marketing.guarded"]
    _order = "callback_at, id"

    _fixed_fields = ("campaign_id", "partner_id", "lead_id")

    campaign_id = fields.Many2one("marketing.phoning.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment", ondelete="set null", index="btree_not_null", readonly=True
    )
    name = fields.Char(compute="_compute_target")
    phone = fields.Char(compute="_compute_target")
    email = fields.Char(compute="_compute_target")
    company_name = fields.Char("Company of the person", compute="_compute_target")
    script = fields.Html(related="campaign_id.script")
    state = fields.Selection(
        [("todo", "To call"), ("callback", "To call back"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="todo",
        required=True,
        readonly=True,
    )
    outcome = fields.Selection(OUTCOMES, readonly=True)
    tries = fields.Integer(default=0, readonly=True)
    callback_at = fields.Datetime("Call back on")
    notes = fields.Text()
    user_id = fields.Many2one("res.users", "Agent", readonly=True)
    done_at = fields.Datetime("Called on", readonly=True)

    _one_target = models.Constraint("CHECK (num_nonnulls(partner_id, lead_id) = 1)", "A call has one person.")
    _partner_open_unique = models.UniqueIndex(
        "(campaign_id, partner_id) WHERE state IN ('todo', 'callback')", "This person is on the call list already."
    )
    _done_idx = models.Index("(done_at) WHERE done_at IS NOT NULL")
    _lead_open_unique = models.UniqueIndex(
        "(campaign_id, lead_id) WHERE state IN ('todo', 'callback')", "This lead is on the call list already."
    )

    @api.depends("partner_id", "lead_id")
    def _compute_target(self):
        for call in self:
            target = call._target()
            call.name = target.marketing_person_name or target.display_name
            call.phone = target.marketing_phone
            call.email = target.marketing_email
            call.company_name = target.marketing_company_name

    def _target(self):
        return self.lead_id or self.partner_id

    def _may_be_called(self):
        """Whether the person still accepts calls and has a number; if not, the call is cancelled."""
        if not self._target()._blocked("phone"):
            return True
        self.sudo().state = "cancelled"  # sudo: the state is the server's
        return False

    def action_outcome(self):
        """Note the outcome named in the context (``outcome``) and open the next call.

        :raise UserError: a call-back without its moment, or an outcome that does not exist
        """
        self.ensure_one()
        self.check_access("write")
        self._note_outcome(self.env.context.get("outcome"))
        return self.campaign_id.action_call()

    def _note_outcome(self, outcome):
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Choose an outcome of the call."))
        if outcome == "callback" and not self.callback_at:
            raise UserError(self.env._("When shall the person be called back? Fill in “Call back on” first."))
        now = clock.now(self.env)
        values = {"outcome": outcome, "tries": self.tries + 1, "done_at": now, "state": "done", "user_id": self.env.uid}
        if outcome == "callback":
            values["state"] = "callback"
        elif outcome in UNANSWERED and values["tries"] < self.campaign_id.max_tries:
            # any free agent calls next time
            again = now + schedule.span(hours=self.campaign_id.retry_hours)
            values |= {"state": "callback", "callback_at": again, "user_id": False}
        self.sudo().write(values)  # sudo: kept by the server; action_outcome asked for the right on the call
        self._tell_target(outcome)

    def _tell_target(self, outcome):
        """Note in the chatter, consequences for consent, event for the automations."""
        # sudo: an agent sees the person (visibility of the call), and need not be allowed to change them
        target = self._target().sudo()
        label = dict(self._fields["outcome"]._description_selection(self.env))[outcome]
        body = Markup("<p>%s</p><p>%s</p>") % (
            self.env._("Call (%(campaign)s): %(outcome)s", campaign=self.campaign_id.name, outcome=label),
            self.notes or "",
        )
        target._message_log_batch(bodies={target.id: body})
        if outcome == "refused":
            target._set_opt_out("phone")
        elif outcome == "wrong_number":
            target.marketing_invalid_phone = True
        self.env["marketing.automatism.event"]._note(
            "call_done", target, {"outcome": outcome, "campaign_id": self.campaign_id.id, "call_id": self.id}
        )

    def action_open_target(self):
        """Open the contact or lead of the call."""
        self.ensure_one()
        self.check_access("read")
        target = self._target()
        return {
            "type": "ir.actions.act_window",
            "res_model": target._name,
            "res_id": target.id,
            "views": [(False, "form")],
        }

    def action_skip(self):
        """Give the call back to the list and open the next one."""
        self.check_access("write")
        # sudo: who calls is the server's
        self.sudo().write({"user_id": False, "callback_at": clock.now(self.env) + timedelta(minutes=15)})
        return self.campaign_id.action_call()

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.campaign_id.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("marketing_scenario.marketing_phoning_call_view_form").id, "form")],
            "target": "current",
        }


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _activity_facts(self):
        return [*super()._activity_facts(), sql.calls_as_facts(self._marketing_column)]

    def _forget_person(self, person):
        self.env["marketing.phoning.call"].search([(self._marketing_column, "in", self.ids)]).unlink()
        return super()._forget_person(person)

    def _person_report(self):
        calls = self.env["marketing.phoning.call"].search([(self._marketing_column, "in", self.ids)], order="id")
        told = ("campaign_id", "state", "outcome", "done_at", "callback_at", "tries", "user_id", "notes")
        return {**super()._person_report(), self.env._("Calls"): self._report_rows(calls, told)}
