from odoo import fields, models

PARTNER = ("res.partner",)


class AutomatismPartner(models.Model):
    """What happens to contacts and accounts (S14). Payloads: ``from``/``to`` (ids), ``tag_ids``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[
            ("account_status", "Account status changed"),
            ("tag_added", "Tag added to a contact or account"),
        ],
        ondelete={"account_status": "cascade", "tag_added": "cascade"},
    )
    account_status_from_id = fields.Many2one(
        "marketing.account.status", string="From status", ondelete="cascade", help="Empty: any."
    )
    account_status_to_id = fields.Many2one(
        "marketing.account.status", string="To status", ondelete="cascade", help="Empty: any."
    )
    tag_id = fields.Many2one("res.partner.category", ondelete="cascade", help="Empty: any tag.")

    def _describe_event_account_status(self):
        source, target = self.account_status_from_id.name, self.account_status_to_id.name
        if source and target:
            sentence = self.env._(
                "the status of an account goes from “%(before)s” to “%(after)s”", before=source, after=target
            )
        elif target:
            sentence = self.env._("the status of an account becomes “%(status)s”", status=target)
        elif source:
            sentence = self.env._("the status of an account is no longer “%(status)s”", status=source)
        else:
            sentence = self.env._("the status of an account changes")
        return {"label": self.env._("Account status changed"), "models": PARTNER, "sentence": sentence}

    def _matches_account_status(self, events):
        return self._from_to(events, self.account_status_from_id, self.account_status_to_id)

    def _happened_account_status(self, model):
        if self.account_status_to_id:
            return [("account_status_id", "=", self.account_status_to_id.id)]
        return [("account_status_id", "!=", False)]

    def _describe_event_tag_added(self):
        tag = self.tag_id.name
        if tag:
            sentence = self.env._("a contact or account gets the tag “%(tag)s”", tag=tag)
        else:
            sentence = self.env._("a contact or account gets a tag")
        return {"label": self.env._("Tag added"), "models": PARTNER, "sentence": sentence}

    def _matches_tag_added(self, events):
        return self._with_tag(events, self.tag_id)

    def _happened_tag_added(self, model):
        return [("category_id", "in", self.tag_id.ids)] if self.tag_id else [("category_id", "!=", False)]
