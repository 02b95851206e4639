from odoo import api, fields, models


class ActionTag(models.Model):
    """Add or remove a tag (S14): leads carry CRM tags, or pass the contact tag on to their contact (S27)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(
        selection_add=[("tag_add", "Add a tag"), ("tag_remove", "Remove a tag")],
        ondelete={"tag_add": "cascade", "tag_remove": "cascade"},
    )
    tag_id = fields.Many2one("res.partner.category", ondelete="cascade")
    tag_lead_id = fields.Many2one(
        "crm.tag",
        string="Tag on leads",
        ondelete="cascade",
        help="Empty: leads get nothing themselves, the tag goes to their contact.",
    )

    @api.depends("tag_id.name", "tag_lead_id.name")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_tag_add(self):
        return self._describe_tag(self.env._("add the tag “%(tag)s”"))

    def _describe_tag_remove(self):
        return self._describe_tag(self.env._("remove the tag “%(tag)s”"))

    def _describe_tag(self, sentence):
        names = dict.fromkeys(tag.name for tag in (self.tag_id, self.tag_lead_id) if tag)
        return {"needs": ["tag_id", "tag_lead_id"], "summary": sentence % {"tag": " / ".join(names)}}

    def _run_tag_add(self, records):
        self._tag(records, "add")

    def _run_tag_remove(self, records):
        self._tag(records, "remove")

    def _tag(self, records, action):
        if records._name == "crm.lead":
            if self.tag_lead_id:
                records._marketing_tag(self.tag_lead_id, action)
                return
            records = self._allowed(records.partner_id)
        if self.tag_id:
            records._marketing_tag(self.tag_id, action)
