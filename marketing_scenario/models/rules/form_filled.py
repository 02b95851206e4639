"""Rule *form filled / not filled* (S24, R52): the target, its contact or its lead has sent a form."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import clock


class RuleFormFilled(models.Model):
    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("form_filled", "Form filled")], ondelete={"form_filled": "cascade"})
    form_point_id = fields.Many2one("marketing.engagement.point", "Form", ondelete="restrict")
    form_since = fields.Selection(
        [("entry", "Since the entry into the scenario"), ("ever", "Ever")],
        "Period",
        default="entry",
        help="Whether a form filled before the person entered the scenario counts.",
    )

    def _describe_form_filled(self):
        point = self.form_point_id.name or self.env._("any form")
        ever = self.form_since == "ever"
        return {
            "icon": "fa-wpforms",
            "summary": self.env._("has ever filled %(form)s", form=point)
            if ever
            else self.env._("has filled %(form)s since entry", form=point),
            "events": ["form_filled"],
            "is_dated": True,
        }

    def _validate_form_filled(self):
        if not self.form_point_id:
            return [self.env._("a rule has no form. Choose one.")]
        if not self.form_point_id.active:
            return [
                self.env._(
                    "the form “%(form)s” is archived, nobody can fill it. Choose another or restore it.",
                    form=self.form_point_id.name,
                )
            ]
        return []

    def _match_form_filled(self, enrollments):
        """Set-based. A lead matches by itself or its contact, a contact also by its leads, an account by its people."""
        last = self._form_last_filled(enrollments)
        matched = []
        for enrollment in enrollments:
            lead, partner = enrollment.lead_id, enrollment.partner_id or enrollment.lead_id.partner_id
            moments = [last.get(("lead", lead.id)), last.get(("partner", partner.id))]
            if enrollment.target_kind == "account":
                moments.append(last.get(("account", partner.id)))
            moment = max(filter(None, moments), default=None)
            if moment and (self.form_since == "ever" or moment >= enrollment.entered_at):
                matched.append(enrollment.id)
        return enrollments.browse(matched)

    def _form_last_filled(self, enrollments):
        """:return: {("lead" | "partner" | "account", id): moment of the last submission} for these targets."""
        self.ensure_one()
        people = enrollments.partner_id | enrollments.lead_id.partner_id
        accounts = enrollments.filtered(lambda enrollment: enrollment.target_kind == "account").partner_id
        whose = Domain("lead_id", "in", enrollments.lead_id.ids) | Domain("partner_id", "in", people.ids)
        whose |= Domain("lead_id.partner_id", "in", people.ids)
        if accounts:
            whose |= Domain("partner_id.commercial_partner_id", "in", accounts.ids)
        domain = whose & Domain("state", "in", ("done", "to_confirm"))
        if self.form_point_id:
            domain &= Domain("point_id", "=", self.form_point_id.id)
        # sudo: no matter who opens the scenario or clicks "run now", the engine must take the same decision.
        rows = (
            self.env["marketing.engagement.submission"]
            .sudo()
            ._read_group(domain, ["partner_id", "lead_id"], ["at:max"])
        )
        leads = enrollments.lead_id.browse({lead.id for _partner, lead, _at in rows if lead}).sudo()
        contact_of = {lead.id: lead.partner_id.id for lead in leads}
        person_ids = {partner.id for partner, _lead, _at in rows} | {*contact_of.values()}
        persons = people.browse(filter(None, person_ids)).sudo()
        account_of = {person.id: person.commercial_partner_id.id for person in persons}
        last = {}
        for partner, lead, at in rows:
            keys = {("lead", lead.id)}
            for person_id in (partner.id, contact_of.get(lead.id)):
                keys |= {("partner", person_id), ("account", account_of.get(person_id))}
            for key in keys:
                if key[1]:
                    last[key] = max(last.get(key, at), at)
        return last

    def _play_form_filled(self, enrollment):
        point = self.form_point_id or self.env["marketing.engagement.point"].search([], limit=1)
        if not point:
            raise UserError(self.env._("There is no form yet. Create one."))
        enrollment._play_form(point)


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def _play_form(self, point):
        """In a simulation: the person of this run fills a form."""
        self.env["marketing.engagement.submission"].create(
            {
                "point_id": point.id,
                "at": clock.now(self.env),
                "fired": True,  # the automations of the form are not part of the simulation
                "partner_id": self.partner_id.id,
                "lead_id": self.lead_id.id,
            }
        )
