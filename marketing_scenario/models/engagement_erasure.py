"""Submissions follow their person: into a merge, and out of the database (S3, S37)."""

from odoo import api, models


class EngagementErasure(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    @api.ondelete(at_uninstall=False)
    def _forget_submissions(self):
        """Erase the answers of people who are deleted, unless their contact or lead remains."""
        own, other = ("lead_id", "partner_id") if self._name == "crm.lead" else ("partner_id", "lead_id")
        # sudo: who may delete a person need not see what they once wrote, and it must go all the same
        Submission = self.env["marketing.engagement.submission"].sudo()
        Submission.search([(own, "in", self.ids), (other, "=", False)])._forget()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: as for the rest of the history, whatever the rights of who merges
        submissions = self.env["marketing.engagement.submission"].sudo().search([("lead_id", "in", opportunities.ids)])
        submissions.lead_id = self
        return result
