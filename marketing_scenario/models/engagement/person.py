"""The forms that one person has filled: shown with them, merged with them, erased with them (S3, S12, S37)."""

from odoo import models
from odoo.fields import Domain

from . import sql


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _submission_domain(self):
        """Forms sent by the people behind these records; each model knows its columns."""
        return Domain.FALSE

    def _forget_person(self, person):
        """That a form was filled stays, nothing about who filled it, unless their contact or lead remains."""
        own, other = ("lead_id", "partner_id") if self._name == "crm.lead" else ("partner_id", "lead_id")
        gone = [i for records in person if records._name != self._name for i in records.ids]
        domain = Domain(own, "in", self.ids) & (Domain(other, "=", False) | Domain(other, "in", gone))
        # with those of nobody: spam, and what waits for its confirmation
        nobody = Domain("partner_id", "=", False) & Domain("lead_id", "=", False)
        domain |= nobody & Domain("email", "in", list(self._person_addresses(person)))
        self.env["marketing.engagement.submission"].search(domain)._forget()
        return super()._forget_person(person)

    def _activity_facts(self):
        return [*super()._activity_facts(), sql.submissions_as_facts(self._marketing_column)]

    def _person_report(self):
        submissions = self.env["marketing.engagement.submission"].search(self._submission_domain(), order="id")
        told = ("at", "point_id", "state", "message", "name", "email", "phone", "answers", "ip", "user_agent")
        told += ("attachment_ids", "page_url", "referrer", "utm_source", "utm_medium", "utm_campaign", "lang")
        told += ("consent", "consent_text", "consent_date")
        return {**super()._person_report(), self.env._("Forms filled"): self._report_rows(submissions, told)}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _submission_domain(self):
        return Domain("partner_id", "in", self.ids) | Domain("lead_id.partner_id", "in", self.ids)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _submission_domain(self):
        return Domain("lead_id", "in", self.ids) | Domain("partner_id", "in", self.partner_id.ids)

    def _marketing_inherit(self, sources):
        result = super()._marketing_inherit(sources)
        self.env["marketing.engagement.submission"].search([("lead_id", "in", sources.ids)]).lead_id = self
        return result
