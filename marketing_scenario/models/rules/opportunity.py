from odoo import fields, models
from odoo.fields import Domain

from .. import clock


class RuleOpportunity(models.Model):
    """An opportunity came about or was won (S24, S57): a lead's own; a contact's; of an account, that of its people."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("opportunity", "Opportunity")], ondelete={"opportunity": "cascade"})
    opportunity_result = fields.Selection(
        [("created", "was created"), ("won", "was won")], string="The opportunity", default="won", required=True
    )
    opportunity_since = fields.Selection(
        [("entry", "Since the entry into the scenario"), ("ever", "Ever")], string="Since", default="entry"
    )

    def _describe_opportunity(self):
        won, ever = self.opportunity_result == "won", self.opportunity_since == "ever"
        if won:
            summary = self.env._("an opportunity was won") if ever else self.env._("an opportunity was won since entry")
        else:
            summary = (
                self.env._("an opportunity was created")
                if ever
                else self.env._("an opportunity was created since entry")
            )
        return {
            "icon": "fa-trophy" if won else "fa-star-o",
            "events": ["lead_won"] if won else ["opportunity_created"],
            "summary": summary,
            "is_dated": True,
        }

    def _match_opportunity(self, enrollments):
        last = self._last_opportunities(enrollments)
        matched = []
        for target, enrollment_id in enrollments._pairs():
            moment = last.get((target._name, target.id))
            if moment and (self.opportunity_since == "ever" or moment >= enrollments.browse(enrollment_id).entered_at):
                matched.append(enrollment_id)
        return enrollments.browse(matched)

    def _last_opportunities(self, enrollments):
        """``{(model, id of a target): when the last opportunity asked for came about}``"""
        accounts = enrollments.filtered(lambda enrollment: enrollment.target_kind == "account").partner_id
        whose = Domain("id", "in", enrollments.lead_id.ids) | Domain("partner_id", "in", enrollments.partner_id.ids)
        if accounts:
            whose |= Domain("partner_id.commercial_partner_id", "in", accounts.ids)
        domain = whose & Domain("type", "=", "opportunity")
        won = self.opportunity_result == "won"
        if won:
            domain &= Domain("won_status", "=", "won")
        told = ["partner_id", "date_closed", "date_conversion", "create_date"]
        # sudo: the engine judges facts; nothing of the opportunities is shown
        leads = self.env["crm.lead"].sudo().with_context(active_test=False).search_fetch(domain, told)
        last = {}
        for lead in leads:
            moment = lead.date_closed or lead.create_date if won else lead.date_conversion or lead.create_date
            people = lead.partner_id | lead.partner_id.commercial_partner_id
            for key in [("crm.lead", lead.id), *(("res.partner", person.id) for person in people)]:
                last[key] = max(last.get(key, moment), moment)
        return last

    def _play_opportunity(self, enrollment):
        lead = enrollment._play_opportunity()
        if self.opportunity_result == "won":
            lead.action_set_won()


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def _play_opportunity(self):
        """In a simulation: the opportunity of this person, made if there is none."""
        lead = self.lead_id or self.env["crm.lead"].create(
            {"name": self.env._("Simulation"), "partner_id": self.partner_id.id, "type": "opportunity"}
        )
        if lead.type != "opportunity":
            lead.write({"type": "opportunity", "date_conversion": clock.now(self.env)})
        return lead
