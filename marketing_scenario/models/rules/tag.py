from odoo import fields, models


class RuleTag(models.Model):
    """Tag present (S24); a lead also counts the tags of its contact."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("tag", "Tag present")], ondelete={"tag": "cascade"})
    tag_id = fields.Many2one("res.partner.category", ondelete="cascade")
    tag_lead_id = fields.Many2one("crm.tag", string="Tag on leads", ondelete="cascade")

    def _describe_tag(self):
        names = dict.fromkeys(tag.name for tag in (self.tag_id, self.tag_lead_id) if tag)
        return {
            "icon": "fa-tag",
            "events": ["tag_added"],
            "summary": self.env._("has the tag %(tag)s", tag=" / ".join(names)),
        }

    def _validate_tag(self):
        if not self.tag_id and not self.tag_lead_id:
            return [self.env._("a rule has no tag. Choose one.")]
        return []

    def _match_tag(self, enrollments):
        matching = {}
        targets = enrollments._targets()
        if partners := targets.get("res.partner"):
            matching["res.partner"] = partners._search_among([("category_id", "in", self.tag_id.ids)])
        if leads := targets.get("crm.lead"):
            domain = [("partner_id.category_id", "in", self.tag_id.ids)]
            if self.tag_lead_id:
                domain = ["|", ("tag_ids", "in", self.tag_lead_id.ids), *domain]
            matching["crm.lead"] = leads._search_among(domain)
        return enrollments._having(matching)

    def _play_tag(self, enrollment):
        if enrollment.lead_id and self.tag_lead_id:
            enrollment.lead_id.tag_ids |= self.tag_lead_id
        else:
            (enrollment.partner_id or enrollment.lead_id.partner_id).category_id |= self.tag_id
