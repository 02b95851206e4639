"""One field of an form: what it accepts and what of the target it fills."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Names that a post may carry beside the fields of the form. HONEYPOT is hidden from people: only robots fill it.
HONEYPOT = "hp_site"
# Set by the page once a key, finger or pointer was really used on it.
TOUCHED = "touched"
RESERVED = frozenset(
    {
        HONEYPOT,
        TOUCHED,
        "nonce",
        "lang",
        "embed",
        "page_url",
        "referrer",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "recaptcha_token_response",
    }
)
LIMITS = {
    "text": 250,
    "email": 254,
    "phone": 40,
    "choice": 250,
    "number": 40,
    "date": 10,
    "long_text": 5000,
    "consent": 5,
    "hidden": 500,
    "file": 200,
}
AUTOCOMPLETE = {
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "company_name": "organization",
    "email": "email",
    "phone": "tel",
    "job": "organization-title",
    "street": "street-address",
    "zip": "postal-code",
    "city": "address-level2",
    "country": "country",
    "website": "url",
}


def plain_text(value, multiline=False):
    """A posted value as storable text: no control characters, no lone surrogates; one line unless ``multiline``."""
    text = str(value).encode("utf-8", "ignore").decode()
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(char for char in text if char in "\n\t" or ord(char) >= 32 and ord(char) != 127).strip()
    return " ".join(
        "".join(" " if char.isspace() else char for char in text if char.isspace() or char.isprintable()).split()
    )


class EngagementField(models.Model):
    _name = "marketing.engagement.field"
    _description = "Field of a form"
    _inherit = ["marketing.linked"]
    _order = "sequence, id"
    _rec_name = "label"

    point_id = fields.Many2one("marketing.engagement.point", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=100)
    label = fields.Char(required=True, translate=True, help="What the visitor reads.")
    key = fields.Char(
        "Technical name",
        required=True,
        compute="_compute_key",
        store=True,
        readonly=False,
        precompute=True,
        help="Name in JSON posts and in links that fill a value: a-z, 0-9 and _.",
    )
    kind = fields.Selection(
        [
            ("text", "Text"),
            ("email", "Email"),
            ("phone", "Phone"),
            ("choice", "Choice"),
            ("number", "Number"),
            ("date", "Date"),
            ("long_text", "Long text"),
            ("consent", "Consent"),
            ("hidden", "Hidden"),
        ],
        required=True,
        default="text",
    )
    required = fields.Boolean()
    options = fields.Text(
        translate=True,
        help="For a choice: one per line. Left empty on a field that fills the country, all countries are offered.",
    )
    placeholder = fields.Char(
        translate=True,
        help="Pale example inside the empty field. On a hidden field: its value when the link gives none.",
    )
    help = fields.Char("Hint", translate=True, help="Shown under the field.")
    maps_to = fields.Selection(
        [
            ("none", "Nothing (kept on the submission)"),
            ("name", "Full name"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
            ("company_name", "Company"),
            ("email", "Email"),
            ("phone", "Phone"),
            ("job", "Job position"),
            ("street", "Street"),
            ("zip", "ZIP"),
            ("city", "City"),
            ("country", "Country"),
            ("website", "Website"),
            ("note", "Notes"),
        ],
        "Fills",
        required=True,
        default="none",
    )

    _key_unique = models.UniqueIndex("(point_id, key)", "Two fields of a form cannot have the same technical name.")
    _one_consent = models.UniqueIndex("(point_id) WHERE kind = 'consent'", "A form has one consent box at most.")

    @api.depends("label")
    def _compute_key(self):
        for field in self:
            if not field.key:
                words = re.sub("[^a-z0-9]+", "_", self.env["ir.http"]._slugify(field.label or "")).strip("_")[:40]
                taken = set((field.point_id.field_ids - field).mapped("key")) | RESERVED
                key, number = words or "field", 2
                while key in taken:
                    key, number = f"{words or 'field'}_{number}", number + 1
                field.key = key

    @api.constrains("key", "kind", "options", "maps_to")
    def _check_field(self):
        for field in self:
            if not re.fullmatch(r"[a-z0-9_]{1,64}", field.key) or field.key in RESERVED:
                raise ValidationError(
                    self.env._(
                        "Field “%(label)s”: “%(key)s” is not a possible technical name. "
                        "Use a-z, 0-9 and _, and none of %(reserved)s.",
                        label=field.label,
                        key=field.key,
                        reserved=", ".join(sorted(RESERVED)),
                    )
                )
            if field.kind == "choice" and not field._choices():
                raise ValidationError(
                    self.env._("Field “%(label)s”: give the choices, one per line.", label=field.label)
                )

    def _choices(self):
        """:return: [(value stored, text shown)]. The value does not depend on the visitor's language."""
        self.ensure_one()
        if self.maps_to == "country" and not (self.options or "").strip():
            return [(country.code, country.name) for country in self.env["res.country"].search([]) if country.code]
        values, shown = (
            [plain_text(line) for line in (record.options or "").splitlines() if line.strip()]
            for record in (self.with_context(lang="en_US"), self)
        )
        return list(zip(values, shown, strict=True)) if len(values) == len(shown) else [(text, text) for text in shown]

    def _limit(self):
        return LIMITS[self.kind]

    def _input_type(self):
        return {"email": "email", "phone": "tel", "date": "date", "file": "file"}.get(self.kind, "text")

    def _autocomplete(self):
        """:return: the browser's name for what this field asks, so that people need not type it."""
        return AUTOCOMPLETE.get(self.maps_to)
