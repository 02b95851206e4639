"""The forms that one person has filled: shown with them, merged with them, erased with them (S3, S12, S37)."""

from odoo import api, models
from odoo.fields import Domain


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _submission_domain(self):
        """Forms sent by the people behind these records; each model knows its columns."""
        return Domain.FALSE

    @api.ondelete(at_uninstall=False)
    def _forget_submissions(self):
        """Erase the answers of people who are deleted, unless their contact or lead remains."""
        own, other = ("lead_id", "partner_id") if self._name == "crm.lead" else ("partner_id", "lead_id")
        # sudo: who may delete a person need not see what they once wrote, and it must go all the same
        Submission = self.env["marketing.engagement.submission"].sudo()
        Submission.search([(own, "in", self.ids), (other, "=", False)])._forget()


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
