from odoo import fields, models


class StepPhoning(models.Model):
    """Phoning: puts the person on the call list of a campaign (S27, R61); phone and consent to calls required."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("phoning", "Call campaign")], ondelete={"phoning": "cascade"})
    phoning_campaign_id = fields.Many2one(
        "marketing.phoning.campaign",
        string="Call campaign",
        ondelete="restrict",
        help="People without a number, or who opted out of calls, are skipped; the reason is kept.",
    )

    def _describe_phoning(self):
        return {
            "family": "action",
            "place": 40,
            "icon": "fa-phone",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "phone",
            "summary": self.phoning_campaign_id.name or "",
        }

    def _validate_phoning(self):
        campaign = self.phoning_campaign_id
        if not campaign:
            return [
                self._issue(
                    "no_campaign", self.env._("no campaign. Choose the call list."), field="phoning_campaign_id"
                )
            ]
        if not campaign.active:
            message = self.env._("the campaign “%(campaign)s” is archived. Choose another.", campaign=campaign.name)
            return [self._issue("campaign_archived", message, field="phoning_campaign_id")]
        return []

    def _openings_phoning(self, enrollments, moment):
        """The list may be filled at any hour, unless the step keeps hours; the agents choose when to call."""
        return None if self.keeps_hours else dict.fromkeys(enrollments.ids, moment)

    def _execute_phoning(self, decisions, enrollments):
        campaign = self.phoning_campaign_id
        if not campaign:
            decisions.fail(enrollments, self.env._("The step has no call campaign."))
            return
        decisions.advance(campaign._add_people(campaign, enrollments))
