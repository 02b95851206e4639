from odoo import fields, models


class EventTagAdded(models.Model):
    """A contact or account got a tag (S14). Payload: ``tag_ids``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("tag_added", "Tag added to a contact or account")],
        ondelete={"tag_added": "cascade"},
    )
    tag_id = fields.Many2one("res.partner.category", ondelete="cascade", help="Empty: any tag.")

    def _describe_event_tag_added(self):
        tag = self.tag_id.name
        if tag:
            sentence = self.env._("a contact or account gets the tag “%(tag)s”", tag=tag)
        else:
            sentence = self.env._("a contact or account gets a tag")
        return {"models": ("res.partner",), "about": {"tag_ids": self.tag_id.ids}, "sentence": sentence}

    def _happened_tag_added(self, model):
        return [("category_id", "in", self.tag_id.ids)] if self.tag_id else [("category_id", "!=", False)]
