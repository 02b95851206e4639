"""Checking what a visitor wrote in one field."""

import math
import re
from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize

from odoo.addons.phone_validation.tools import phone_validation

from .field import LIMITS, plain_text

TRUE_WORDS = ("1", "on", "true", "yes")


class EngagementClean(models.Model):
    _inherit = "marketing.engagement.field"

    def _clean(self, value, country):
        """Check one posted value (S13).

        :param value: as posted (text, number, bool, None, or a file for a field that takes one)
        :param country: res.country of phone numbers without prefix
        :return: (text to store, error sentence or False)
        """
        self.ensure_one()
        if isinstance(value, list) or (isinstance(value, dict) and self.kind != "file"):
            return "", self.env._("One value is expected here.")
        if self.kind == "file":
            return self._clean_upload(value)
        if not isinstance(value, str | int | float | None):
            return "", self.env._("A text is expected here, not a file.")
        text = (
            ""
            if value is None or value is False
            else "1"
            if value is True
            else plain_text(value, self.kind == "long_text")
        )
        if len(text) > LIMITS[self.kind]:
            return text[: LIMITS[self.kind]], self.env._(
                "Too long: %(limit)s characters at most.", limit=LIMITS[self.kind]
            )
        if self.kind == "consent":
            text = "1" if text.lower() in TRUE_WORDS else ""
        if not text:
            return "", self.required and self._missing()
        check = getattr(self, f"_clean_{self.kind}", None)
        return check(text, country) if check else (text, False)

    def _missing(self):
        return {
            "consent": self.env._("Please tick this box to go on."),
            "choice": self.env._("Please choose an answer."),
        }.get(self.kind, self.env._("Please fill in this field."))

    def _clean_email(self, text, country):
        email = email_normalize(text)
        if not email or "." not in email.rpartition("@")[2]:
            return text, self.env._("This is not an email address. Example: name@example.com")
        return email, False

    def _clean_phone(self, text, country):
        try:
            return phone_validation.phone_format(text, country.code, country.phone_code, force_format="E164"), False
        except UserError:
            return text, self.env._(
                "This is not a phone number. With the country prefix it always works, e.g. +33 6 12 34 56 78"
            )

    def _clean_choice(self, text, country):
        for value, shown in self._choices():
            if text in (value, shown):
                return value, False
        return text, self.env._("Please choose one of the answers offered.")

    def _clean_number(self, text, country):
        compact = text.replace(" ", "").replace(",", ".")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", compact, re.ASCII) or not math.isfinite(float(compact)):
            return text, self.env._("This is not a number.")
        return compact, False

    def _clean_date(self, text, country):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            with suppress(ValueError):
                return fields.Date.to_string(fields.Date.to_date(text)), False
        return text, self.env._("This is not a date. Example: 2030-12-31")
