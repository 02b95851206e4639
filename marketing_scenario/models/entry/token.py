"""Addresses by which other programs send people into scenarios without an Odoo login (S16, S48)."""

import hashlib
import re
import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import consteq, email_normalize

from .. import clock
from ..target.mixin import TARGET_MODELS
from . import sql

KEY_SIZE = 12  # characters of the public part, which finds the row; the rest is the secret
MAX_RECORDS = 1000
PERIOD_SECONDS = 60
# What an address may consist of. Anything else is no address: neither database nor comparison sees it.
TOKEN = re.compile("[A-Za-z0-9_-]{1,200}")


def digest(secret):
    """What is stored of a secret. The secret is random and long: no salt or slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class MarketingScenarioToken(models.Model):
    _name = "marketing.scenario.token"
    _description = "Webhook address"
    _inherit = ["marketing.linked"]

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Acts as",
        required=True,
        default=lambda self: self.env.user,
        help="Records this user may not change are rejected.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    scenario_ids = fields.Many2many("marketing.scenario", string="Scenarios", required=True)
    rate_limit = fields.Integer("Calls per minute", default=60, required=True)
    key = fields.Char(readonly=True, copy=False, groups="base.group_system")
    secret_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    has_address = fields.Boolean("Address made", compute="_compute_has_address", compute_sudo=True)
    last_used_at = fields.Datetime("Last call", readonly=True, copy=False)
    period_start = fields.Datetime(readonly=True, copy=False)
    period_calls = fields.Integer(readonly=True, copy=False)

    _key_unique = models.UniqueIndex("(key)", "This address exists already.")
    _rate_positive = models.Constraint("CHECK (rate_limit > 0)", "The number of calls per minute must be at least 1.")

    @api.depends("secret_hash")
    def _compute_has_address(self):
        for token in self:
            token.has_address = bool(token.secret_hash)

    @api.model_create_multi
    def create(self, vals_list):
        tokens = super().create(vals_list)
        tokens._check_own()
        return tokens

    def write(self, vals):
        result = super().write(vals)
        self._check_own()
        return result

    def _check_own(self):
        """The user who makes an address lends it their own rights only (S48)."""
        if not self.env.is_system() and any(token.user_id != self.env.user for token in self):
            raise AccessError(self.env._("You can only make addresses that act as yourself."))

    def action_make_address(self):
        """Make a new address and show it once; the one before stops working."""
        self.ensure_one()
        self.check_access("write")
        token = secrets.token_urlsafe(48)
        # sudo: no one but the superuser reads or writes the stored parts
        self.sudo().write({"key": token[:KEY_SIZE], "secret_hash": digest(token[KEY_SIZE:])})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy this address now: it is not shown again"),
            "res_model": "marketing.scenario.token.reveal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_url": f"{self.get_base_url()}/marketing/enroll/{token}"},
        }

    @api.model
    def _find(self, token):
        """The active row of an address, as superuser; empty for anything else, in the same time."""
        if not TOKEN.fullmatch(token):
            return self.browse()
        # sudo: called for a program without login, which proves itself by the secret
        row = self.sudo().search([("key", "=", token[:KEY_SIZE]), ("user_id.active", "=", True)], limit=1)
        known = consteq(row.secret_hash or digest("nobody"), digest(token[KEY_SIZE:]))
        return row if known else row.browse()

    def _may_call(self):
        """Count this call; False when there were too many in this minute."""
        self.env["marketing.scenario.token"].flush_model()
        now = clock.now(self.env)
        calls = sql.count_call(self.env.cr, self.id, now, PERIOD_SECONDS)
        self.invalidate_recordset(["period_start", "period_calls", "last_used_at"])
        return calls <= self.rate_limit

    def _call(self, data):
        """Do what a call asks: ``{"scenario_id", "res_model", "res_ids"}`` or ``"emails"`` instead of the ids.

        :param data: the decoded body
        :return: ``{"enrolled": [ids], "refused": {id or email: reason code}}``, or None when the scenario is unknown
            to this address, or the body is not as described
        """
        scenario = self._scenario(data)
        res_model = data.get("res_model", "res.partner")
        if not scenario or res_model not in TARGET_MODELS:
            return None
        user = self.user_id
        allowed = user.company_ids & self.company_id or user.company_ids
        scenario = scenario.with_user(user).with_context(allowed_company_ids=allowed.ids, lang=user.lang)
        if "emails" in data:
            records, unknown = self._by_email(scenario.env[res_model], data["emails"])
        else:
            records, unknown = self._by_id(scenario.env[res_model], data.get("res_ids")), {}
        if records is None:
            return None
        if not scenario.has_access("read"):
            return None
        enrollments, rejected = scenario._enroll_allowed(records, "webhook", origin=self.name)
        # a record that does not exist is rejected like one that may not be changed (S48)
        reasons = {str(i): "no_access" if code == "target_deleted" else code for i, code in rejected.items()}
        return {"enrolled": enrollments.ids, "refused": {**unknown, **reasons}}

    def _scenario(self, data):
        scenario_id = data.get("scenario_id")
        if scenario_id is None and len(self.scenario_ids) == 1:
            return self.scenario_ids
        return self.scenario_ids.filtered(lambda scenario: scenario.id == scenario_id)

    def _by_id(self, model, ids):
        if not _is_list(ids, int):
            return None
        return model.browse(dict.fromkeys(ids))

    def _by_email(self, model, emails):
        """The oldest contact, or newest lead, of each address, and ``{address: reason}`` of the unknown ones."""
        if not _is_list(emails, str) or not all(_is_text(email) for email in emails):
            return None, {}
        wanted = {email: email_normalize(email) for email in emails}
        domain = [("email_normalized", "in", list(filter(None, wanted.values())))]
        order = "id desc" if model._name == "crm.lead" else "is_company, id"
        found = {}
        for record in model.search(domain, order=order):
            found.setdefault(record.email_normalized, record.id)
        unknown = {email: "no_access" for email, address in wanted.items() if address not in found}
        return model.browse(found.values()), unknown


def _is_list(values, kind):
    return isinstance(values, list) and len(values) <= MAX_RECORDS and all(type(value) is kind for value in values)


def _is_text(value):
    """Whether the database can hold this text: no NUL, no half of a surrogate pair."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


class MarketingScenarioTokenReveal(models.TransientModel):
    """Shows a new address once. The field is not stored: nothing but the hash is kept anywhere."""

    _name = "marketing.scenario.token.reveal"
    _description = "New webhook address"

    url = fields.Char("Address", store=False)
