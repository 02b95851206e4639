from odoo import api, fields, models
from odoo.tools import ormcache

from ..occasions import RECORD


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

    def _occasions_tag_added(self, enrollment):
        if not (enrollment.partner_id or enrollment.lead_id.partner_id):
            return []
        return [{"label": self.env._("gets the tag"), "asks": RECORD, "model": "res.partner.category"}]

    def _play_tag_added(self, enrollment, of):
        partner = enrollment.partner_id or enrollment.lead_id.partner_id
        partner._marketing_tag(self.env["res.partner.category"].browse(of), "add")

    def _happened_tag_added(self, model):
        return [("category_id", "in", self.tag_id.ids)] if self.tag_id else [("category_id", "!=", False)]


class MarketingAutomatismEvent(models.Model):
    _inherit = "marketing.automatism.event"

    @api.model
    def _hears_tag(self, tag_ids):
        """Whether anybody listens to one of these tags of contacts: one that scenarios give to a million people costs
        nothing because somebody listens to another."""
        heard = self._heard_tags()
        return heard is None or not heard.isdisjoint(tag_ids) or "tag_added" in self._awaited()

    @ormcache()
    def _heard_tags(self):
        """Ids of the tags that automations listen to; None: one of them to any tag."""
        # sudo: what is listened to does not depend on who causes the event
        automatisms = self.env["marketing.automatism"].sudo().search([("event_type", "=", "tag_added")])
        return frozenset(automatisms.tag_id.ids) if all(automatism.tag_id for automatism in automatisms) else None
