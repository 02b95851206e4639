from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..enrollment.states import CONTROL, LIVE_STATES

STATES = {"inside": LIVE_STATES, "finished": ("done",), "ever": ()}


class RuleMember(models.Model):
    """Member of another scenario: inside now, through its end, or ever (S24). A lead counts its contact's runs."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("member", "In another scenario")], ondelete={"member": "cascade"})
    member_scenario_id = fields.Many2one("marketing.scenario", string="Other scenario", ondelete="cascade")
    member_state = fields.Selection(
        [("inside", "is inside now"), ("finished", "has reached an end"), ("ever", "is or was inside")],
        string="The record",
        default="inside",
    )

    @api.constrains("member_scenario_id")
    def _check_member_scenario_id(self):
        for rule in self:
            if rule.member_scenario_id and rule.member_scenario_id == rule.scenario_id:
                raise ValidationError(
                    self.env._("The rule must look at another scenario: everybody here is inside this one.")
                )

    def _describe_member(self):
        labels = dict(self._fields["member_state"]._description_selection(self.env))
        return {
            "icon": "fa-sitemap",
            "summary": self.env._(
                "%(state)s: %(scenario)s",
                state=labels.get(self.member_state, ""),
                scenario=self.member_scenario_id.name or "",
            ),
            "is_dated": True,
        }

    def _validate_member(self):
        return [] if self.member_scenario_id else [self.env._("a rule has no scenario. Choose one.")]

    def _match_member(self, enrollments):
        partners = enrollments.partner_id | enrollments.lead_id.partner_id
        domain = Domain("scenario_id", "=", self.member_scenario_id.id) & Domain("state", "!=", CONTROL)
        if states := STATES[self.member_state or "inside"]:
            domain &= Domain("state", "in", states)
        domain &= Domain("partner_id", "in", partners.ids) | Domain("lead_id", "in", enrollments.lead_id.ids)
        # sudo: the engine judges facts; nothing of the runs is shown
        members = self.env["marketing.scenario.enrollment"].sudo()._read_group(domain, ["partner_id", "lead_id"])
        partner_ids = {partner.id for partner, _lead in members if partner}
        lead_ids = {lead.id for _partner, lead in members if lead}
        return enrollments.browse(
            [
                enrollment.id
                for enrollment in enrollments
                if enrollment.lead_id.id in lead_ids
                or (enrollment.partner_id or enrollment.lead_id.partner_id).id in partner_ids
            ]
        )
