from odoo import fields, models


class StepPhoning(models.Model):
    """Phoning: puts the person on the call list of a campaign (S27, R61); phone and consent to calls required."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("phoning", "Phoning campaign")], ondelete={"phoning": "cascade"})
    phoning_campaign_id = fields.Many2one(
        "marketing.phoning.campaign",
        string="Phoning campaign",
        ondelete="restrict",
        help="People without a number, or who refuse calls, are passed over; the reason is kept.",
    )

    def _describe_phoning(self):
        return {
            "label": self.env._("Phoning campaign"),
            "family": "action",
            "icon": "fa-phone",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "phone",
            "summary": self.phoning_campaign_id.name or "",
        }

    def _validate_phoning(self):
        campaign = self.phoning_campaign_id
        if not campaign:
            return [self._issue("no_campaign", self.env._("no campaign. Choose the call list."))]
        if not campaign.active:
            message = self.env._("the campaign “%(campaign)s” is archived. Choose another.", campaign=campaign.name)
            return [self._issue("campaign_archived", message)]
        return []

    def _openings(self, enrollments, moment):
        if self.step_type == "phoning":  # the list may be filled at any hour; the agents choose when to call
            return dict.fromkeys(enrollments.ids, moment)
        return super()._openings(enrollments, moment)

    def _execute_phoning(self, run, enrollments):
        campaign = self.phoning_campaign_id
        if not campaign:
            run.fail(enrollments, self.env._("The phoning step has no campaign."))
            return
        run.advance(campaign._put_on_list(campaign, enrollments))
