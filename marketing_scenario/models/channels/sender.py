from functools import partial

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import consteq, email_normalize, hmac

from ..scenario.check import ask_once
from .addresses import named_address


class MarketingSender(models.Model):
    """An address that messages may be sent from, once its owner has confirmed it (S19, R36, R43)."""

    _name = "marketing.sender"
    _description = "Validated sender"
    _inherit = ["marketing.guarded"]
    _order = "is_default desc, name"

    name = fields.Char(required=True)
    email = fields.Char(required=True)
    state = fields.Selection(
        [("draft", "To confirm"), ("validated", "Validated")], default="draft", required=True, readonly=True, copy=False
    )
    is_default = fields.Boolean("Default sender", copy=False, help="Used by steps that name no sender.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    user_id = fields.Many2one("res.users", help="Whose address this is; author of the message in the chatter.")
    active = fields.Boolean(default=True)

    _email_unique = models.UniqueIndex("(email, company_id)", "This address is already a sender of the company.")
    _default_unique = models.UniqueIndex(
        "(company_id) WHERE is_default AND active", "A company has one default sender."
    )

    @api.constrains("email")
    def _check_email(self):
        for sender in self:
            if not email_normalize(sender.email):
                raise ValidationError(self.env._("“%(email)s” is not an email address.", email=sender.email))

    @api.depends("name", "email")
    def _compute_display_name(self):
        for sender in self:
            sender.display_name = sender.email and named_address(sender.name, sender.email)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_plain_address(vals) for vals in vals_list])

    def write(self, vals):
        if "email" not in vals:
            return super().write(vals)
        vals = self._with_plain_address(vals)
        changed = self.filtered(lambda sender: sender.email != vals["email"])
        result = super().write(vals)
        # sudo: the state is the server's; another address has its own owner, who has confirmed nothing yet
        changed.sudo().write({"state": "draft"})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """A message must not silently leave from another address."""
        # sudo: also steps of other companies need their sender
        steps = self.env["marketing.scenario.step"].sudo()
        names = [name for name, field in steps._fields.items() if field.store and field.comodel_name == self._name]
        used = steps.search(Domain.OR([Domain(name, "in", self.ids) for name in names]), limit=1) if names else steps
        if used:
            raise UserError(
                self.env._(
                    "The step “%(step)s” of “%(scenario)s” is sent by this sender. Choose another one there, or "
                    "archive this one.",
                    step=used.name,
                    scenario=used.scenario_id.name,
                )
            )

    def _with_plain_address(self, vals):
        return {**vals, "email": email_normalize(vals.get("email")) or vals.get("email")}

    @api.model
    def _default_for(self, company):
        """The validated default sender of a company (else the one of all companies), or empty."""
        company_id = company.id or self.env.company.id
        domain = [("is_default", "=", True), ("state", "=", "validated"), ("company_id", "in", [company_id, False])]
        # sudo: who edits a step sees who it would be sent by
        find = partial(self.sudo().search, domain, order="company_id", limit=1)
        return ask_once(self.env, ("default sender", company_id), find)

    def action_validate(self):
        """Validate addresses known to be ours: of internal users, of the company, of an outgoing server.

        :raise UserError: another address; it must be confirmed by mail
        """
        self.check_access("write")
        for sender in self:
            if not sender._is_own_address():
                raise UserError(
                    self.env._("%(email)s is not known here: send the confirmation mail.", email=sender.email)
                )
        self.sudo().write({"state": "validated"})  # sudo: the state is the server's, which has just looked
        return True

    def action_send_confirmation(self):
        """Send the owner of each address a signed link that validates it."""
        self.check_access("write")
        # sudo: a manager may confirm senders without any right on mails
        self.env["mail.mail"].sudo().create([sender._confirmation_values() for sender in self])
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return True

    def _confirmation_values(self):
        url = f"{self.get_base_url()}/marketing/sender/{self.id}/{self._token()}"
        company = self.company_id or self.env.company
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            self.env._("%(company)s wants to send messages from this address.", company=company.name),
            url,
            self.env._("Confirm this address"),
        )
        return {
            "subject": self.env._("Confirm your address as a sender"),
            "body_html": body,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "email_to": self.email,
            "auto_delete": True,
            "marketing_message": "confirmation",
        }

    def _token(self):
        # sudo: the secret of the database signs the link; a changed address needs a new link
        return hmac(self.env(su=True), "marketing_scenario-sender", (self.id, self.email))

    def _is_token(self, token):
        """Whether the signed link is the one of this sender (constant time); False for a sender that is gone."""
        return bool(self.exists()) and consteq(self._token(), token)

    def _confirm(self, token):
        """Validate by the signed link. :return: whether the link was right"""
        if not self._is_token(token):
            return False
        if self.state != "validated":
            self.write({"state": "validated"})
        return True

    def _own_addresses(self):
        """Addresses and domains of the outgoing servers and companies of this database, in lower case."""
        # sudo: outgoing servers and companies are read to recognise an address, nothing of them is shown
        filters = ",".join(self.env["ir.mail_server"].sudo().search([]).filtered("from_filter").mapped("from_filter"))
        own = {part.strip().lower() for part in filters.split(",") if part.strip()}
        companies = self.env["res.company"].sudo().search([])
        own |= {email_normalize(company.email) for company in companies}
        return own | set(companies.alias_domain_id.mapped("name")) - {False}

    def _is_of_company(self):
        """Whether the domain of the address is one of the company's: mails from another one are taken for forged."""
        domains = {address.rpartition("@")[2] for address in self._own_addresses() if address}
        return self.email.rpartition("@")[2] in domains

    def _is_own_address(self):
        own = self._own_addresses()
        if self.email in own or self.email.rpartition("@")[2] in own:
            return True
        domain = [("share", "=", False), ("email_normalized", "=", self.email)]
        return bool(self.env["res.users"].sudo().search_count(domain, limit=1))
