"""Messages that did not go, by reason, and what to do about many of them at once (S44)."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..enrollment.states import LIVE_STATES
from ..notice import notice
from . import sql

CONTACTS, LEADS = "marketing_blocked_contacts_action", "marketing_blocked_leads_action"


class MarketingScenarioTrace(models.Model):
    _inherit = "marketing.scenario.trace"

    # what is refused, by reason
    _skipped_idx = models.Index("(reason, id) WHERE event = 'skipped'")

    target_name = fields.Char(related="enrollment_id.target_name", string="Name")
    target_kind = fields.Selection(related="enrollment_id.target_kind")
    remedy = fields.Char("What to do", compute="_compute_remedy")
    is_blocked = fields.Boolean(
        "Blocked message",
        store=False,
        search="_search_is_blocked",
        help="It did not go, nothing came of it since, and the person is still in the scenario.",
    )

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_remedy(self):
        remedies = self._remedies()
        for trace in self:
            trace.remedy = remedies.get(trace.reason, "")

    def _search_is_blocked(self, operator, value):
        if operator != "in":
            return NotImplemented
        refused = [reason for reason in self._remedies() if reason != "by_hand"]
        blocked = (
            Domain("event", "=", "skipped")
            & Domain("reason", "in", refused)
            & Domain("enrollment_id.state", "in", LIVE_STATES)
            & Domain.custom(to_sql=lambda _model, alias, _query: sql.is_last_of_step(alias))
        )
        return blocked if True in value else ~blocked

    def action_blocked_people(self):
        """The contacts and accounts, or the leads, behind these rows: what is missing is entered in the list.

        :raise UserError: they are of both kinds
        """
        leads, contacts = self.enrollment_id.lead_id, self.enrollment_id.partner_id
        if leads and contacts:
            raise UserError(
                self.env._(
                    "Contacts and leads have lists of their own. Set the filter “Leads” or “Contacts and accounts” "
                    "first."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(f"marketing_scenario.{LEADS if leads else CONTACTS}")
        return {**action, "domain": [("id", "in", (leads or contacts).ids)]}

    def action_try_again(self):
        """Put the people of these rows back on the step whose message did not go: it is asked again whether it may.

        :raise AccessError: the user may not change one of them
        """
        latest = {}
        for trace in self.sorted("id"):
            if trace.step_id and trace.enrollment_id.state in LIVE_STATES:
                latest[trace.enrollment_id] = trace.step_id
        runs = self.env["marketing.scenario.enrollment"].union(*latest)
        for step in self.env["marketing.scenario.step"].union(*latest.values()):
            runs.filtered(lambda run, step=step: latest[run] == step).move_to(step)
        message = self.env._(
            "%(back)s go back to their message; %(left)s have left the scenario.",
            back=len(runs),
            left=len(self.enrollment_id - runs),
        )
        return notice(message, "success" if runs else "warning")
