from odoo import fields, models

from ..occasions import RECORD


class EventLeadTagAdded(models.Model):
    """A lead got a CRM tag (S14). Payload: ``tag_ids``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("lead_tag_added", "Tag added to a lead")],
        ondelete={"lead_tag_added": "cascade"},
    )
    lead_tag_id = fields.Many2one("crm.tag", string="Lead tag", ondelete="cascade", help="Empty: any tag.")

    def _describe_event_lead_tag_added(self):
        tag = self.lead_tag_id.name
        sentence = self.env._("a lead gets the tag “%(tag)s”", tag=tag) if tag else self.env._("a lead gets a tag")
        return {"models": ("crm.lead",), "about": {"tag_ids": self.lead_tag_id.ids}, "sentence": sentence}

    def _occasions_lead_tag_added(self, enrollment):
        if not enrollment.lead_id:
            return []
        return [{"label": self.env._("the lead gets the tag"), "asks": RECORD, "model": "crm.tag"}]

    def _play_lead_tag_added(self, enrollment, of):
        enrollment.lead_id._marketing_tag(self.env["crm.tag"].browse(of), "add")

    def _happened_lead_tag_added(self, model):
        return [("tag_ids", "in", self.lead_tag_id.ids)] if self.lead_tag_id else [("tag_ids", "!=", False)]
