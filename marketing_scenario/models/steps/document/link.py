"""Personal links to a merged document: unguessable, expiring, revocable, counted (S22, R46)."""

import secrets

from odoo import api, fields, models
from odoo.tools import hmac

from ....tools import schedule
from ....tools.file_types import FILE_TYPES, ending
from ... import clock

PATH = "/marketing/document/"


class MarketingDocumentLink(models.Model):
    """One person's link to one document, rendered each time it is opened. Only a keyed hash of the token is kept:
    who reads the table cannot open anything."""

    _name = "marketing.document.link"
    _description = "Link to a document"
    _inherit = ["marketing.target.visibility", "marketing.guarded"]
    _order = "id desc"
    _rec_name = "report_name"

    token_hash = fields.Char(required=True, readonly=True, groups="base.group_system")
    step_id = fields.Many2one("marketing.scenario.step", ondelete="cascade", index="btree_not_null", readonly=True)
    enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment", ondelete="set null", index="btree_not_null", readonly=True
    )
    mailing_trace_id = fields.Many2one("mailing.trace", ondelete="set null", index="btree_not_null", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade", index="btree_not_null", readonly=True)
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    report_name = fields.Char("Document", required=True, readonly=True)
    is_file = fields.Boolean("File of the step", readonly=True, help="Else a report, made for the person.")
    file_name = fields.Char(readonly=True)
    expires_at = fields.Datetime("Valid until", help="Empty: for ever.", readonly=True)
    revoked = fields.Boolean(readonly=True)
    opened_count = fields.Integer("Opened", default=0, readonly=True)
    first_opened_at = fields.Datetime("First opened on", readonly=True)
    last_opened_at = fields.Datetime("Last opened on", readonly=True)

    _token_unique = models.UniqueIndex("(token_hash)")
    _one_target = models.Constraint("CHECK (num_nonnulls(partner_id, lead_id) = 1)", "A document has one person.")

    @api.model
    def _issue(self, values_list):
        """Create one link for each of ``values_list`` in one statement.

        :return: ``[(link, address)]``; the address is known here only
        """
        tokens = [secrets.token_urlsafe(32) for _values in values_list]
        links = self.sudo().create(  # sudo: links are made by the engine, no matter who woke it
            [{**values, "token_hash": self._hash(token)} for values, token in zip(values_list, tokens, strict=True)]
        )
        base = self.env["marketing.scenario.step"].get_base_url()
        return [(link, f"{base}{PATH}{token}") for link, token in zip(links, tokens, strict=True)]

    @api.model
    def _hash(self, token):
        # sudo: signed with the secret of the database
        return hmac(self.env(su=True), "marketing_scenario-document", token)

    @api.model
    def _find(self, token):
        """The link of a token if it may be opened now; empty if unknown, expired, revoked or without its target."""
        # sudo: the token stands for the right to open
        link = self.sudo().search([("token_hash", "=", self._hash(token or "")), ("revoked", "=", False)])
        now = clock.now(self.env)
        return link if link and (not link.expires_at or link.expires_at > now) else link.browse()

    def _target(self):
        return self.lead_id or self.partner_id

    def _note_opening(self):
        """Count the opening; the first one counts as the click in the mail."""
        now = clock.now(self.env)
        first = not self.opened_count
        self.write(
            {
                "opened_count": self.opened_count + 1,
                "first_opened_at": self.first_opened_at or now,
                "last_opened_at": now,
            }
        )
        trace = self.mailing_trace_id
        if first and trace:
            trace.set_opened()
            trace.set_clicked()
            trace._marketing_feedback("link_clicked", url=PATH)

    def _mimetype(self):
        return FILE_TYPES[ending(self.file_name)][0] if self.is_file else "application/pdf"

    def _content(self):
        """The document as it is now: ``(bytes, file name, MIME type)``.

        :raise UserError: the report or file is gone, or wkhtmltopdf is missing
        """
        if self.is_file:
            return self.step_id._document_file_served()
        pdf = self.step_id._document_pdf(self._target(), self.report_name, self.company_id)
        return pdf, self.file_name, "application/pdf"

    def action_revoke(self):
        """The links lead nowhere from now on."""
        self.check_access("write")
        self.sudo().write({"revoked": True})  # sudo: nothing else of a link is ever changed by a person
        return True

    @api.model
    def _expiry(self, days):
        now = clock.now(self.env)
        return now + schedule.span(days) if days else False


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _forget_person(self, person):
        self.env["marketing.document.link"].search([(self._marketing_column, "in", self.ids)]).unlink()
        return super()._forget_person(person)

    def _person_report(self):
        links = self.env["marketing.document.link"].search([(self._marketing_column, "in", self.ids)], order="id")
        told = ("report_name", "file_name", "expires_at", "revoked", "opened_count", "first_opened_at")
        return {
            **super()._person_report(),
            self.env._("Links to documents"): self._report_rows(links, (*told, "last_opened_at", "create_date")),
        }
