"""Submissions: what visitors sent, with the proof of their consent (S13, S34) and what became of it."""

import secrets
from datetime import timedelta

from odoo import api, fields, models

from .. import clock
from ..conflicts import nightly

SPAM_DAYS = 30


class EngagementSubmission(models.Model):
    _name = "marketing.engagement.submission"
    _inherit = ["marketing.target.visibility", "marketing.guarded"]
    _description = "Submission of a form"
    _order = "at desc, id desc"

    point_id = fields.Many2one("marketing.engagement.point", "Form", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="point_id.company_id", store=True)
    at = fields.Datetime("Received", required=True, readonly=True)
    state = fields.Selection(
        [
            ("received", "Just received"),
            ("to_confirm", "To confirm"),
            ("done", "Done"),
            ("spam", "Spam"),
            ("refused", "Refused"),
            ("error", "Error"),
        ],
        required=True,
        default="done",
        help="Just received: its contact and lead are made in a moment. "
        "To confirm: the visitor has not yet clicked the link sent to them. "
        "Refused: they answered that it was not them. Error: nothing could be made of it.",
    )
    attempts = fields.Integer("Tries", default=0, readonly=True)
    next_try_at = fields.Datetime("Next try", readonly=True)
    message = fields.Text("Error", readonly=True)
    spam_reason = fields.Selection(
        [
            ("trap", "A field that people cannot see was filled in"),
            ("fast", "Sent within two seconds, and neither key nor pointer was used on the page"),
        ],
        "Why spam",
        readonly=True,
    )
    fired = fields.Boolean(readonly=True, help="The automations of the form have been told.")
    name = fields.Char(readonly=True)
    email = fields.Char(readonly=True, index="btree_not_null")
    phone = fields.Char(readonly=True)
    values = fields.Json("Answers as stored", readonly=True)
    answers = fields.Text(compute="_compute_answers", help="Each field with what the visitor wrote.")
    ip = fields.Char("IP address", readonly=True)
    ip_hash = fields.Char(readonly=True)
    nonce_hash = fields.Char(readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    page_url = fields.Char("Page", readonly=True)
    referrer = fields.Char(readonly=True)
    utm_source = fields.Char("Source", readonly=True)
    utm_medium = fields.Char("Medium", readonly=True)
    utm_campaign = fields.Char("Campaign", readonly=True)
    lang = fields.Char("Language", readonly=True)
    consent = fields.Boolean(readonly=True, help="The box was ticked.")
    consent_text = fields.Text("Consent text shown", readonly=True)
    consent_date = fields.Datetime("Consent given", readonly=True)
    confirm_token = fields.Char(readonly=True, groups="base.group_system", default=lambda self: secrets.token_hex(16))
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True, index="btree_not_null", ondelete="set null")
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null", ondelete="set null")

    # forms as facts about a person, by their moment
    _fact_idx = models.Index("(at)")
    # One submission per page shown, even when two posts race (S13).
    _nonce_unique = models.UniqueIndex("(nonce_hash)")
    _received_idx = models.Index("(next_try_at, id) WHERE state = 'received'")
    # The rate limit counts by these.
    _rate_index = models.Index("(ip_hash, point_id, at)")

    @api.depends("values", "point_id.field_ids.label")
    def _compute_answers(self):
        for submission in self:
            submission.answers = "\n".join(f"{label}: {text}" for label, text in submission._labelled())

    @api.depends("name", "email", "phone")
    def _compute_display_name(self):
        for submission in self:
            submission.display_name = (
                submission.name
                or submission.email
                or submission.phone
                or self.env._("Submission %(number)s", number=submission.id)
            )

    def _labelled(self):
        """:return: [(label, text)] of the answers given, in the order of the form; fields deleted since come last."""
        self.ensure_one()
        values = dict(self.values or {})
        ticked = self.point_id.field_ids.filtered(lambda field: field.kind == "consent").mapped("key")
        values |= {key: self.env._("Yes") for key in ticked if values.get(key)}
        labels = {field.key: field.label for field in self.point_id.field_ids}
        keys = [key for key in labels if key in values] + [key for key in values if key not in labels]
        return [(labels.get(key, key), values[key]) for key in keys if values[key]]

    def _mapped(self):
        """:return: {what a field fills: text} of the non-empty answers; several fields for the notes are joined."""
        self.ensure_one()
        mapped = {}
        for field in self.point_id.field_ids:
            text = (self.values or {}).get(field.key)
            if not text or field.maps_to == "none":
                continue
            if field.maps_to == "note" and "note" in mapped:
                text = f"{mapped['note']}\n{text}"
            mapped.setdefault(field.maps_to, text)
            if field.maps_to == "note":
                mapped["note"] = text
        return mapped

    def _ids_made(self):
        """:return: what became of this submission, for the site owner's server (R23)"""
        self.ensure_one()
        return {
            "submission_id": self.id,
            "lead_id": self.lead_id.id or None,
            "contact_id": self.partner_id.id or None,
            "account_id": self.partner_id.parent_id.id or None,
        }

    def _forget(self):
        """Erasure (S37): keep that a form was filled, and nothing about who filled it."""
        self.env["res.partner"]._empty_rows(self, keep=("utm_source", "utm_medium", "utm_campaign", "lang"))
        self.write({"partner_id": False, "lead_id": False})

    @nightly
    def _gc_spam(self):
        limit = clock.now(self.env) - timedelta(days=SPAM_DAYS)
        self.search([("state", "=", "spam"), ("at", "<", limit)]).unlink()
