"""Which fields of a target a scenario may set, and how a typed value is read (S27 "set field")."""

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import str2bool

from .. import clock

TYPES = ("char", "text", "integer", "float", "monetary", "boolean", "date", "datetime", "selection", "many2one")
# Fields that rule who owns, sees or merges a record, or that other parts of this addon keep.
EXCLUDED = (
    "active",
    "company_id",
    "parent_id",
    "commercial_partner_id",
    "is_company",
    "partner_id",
    "type",
    "user_ids",
)
# By these a person logs in and is found: nothing but a person changes them for somebody who has a login. A lead hands
# its own on to its contact.
IDENTITY = {"res.partner": ("name", "email", "phone"), "crm.lead": ("contact_name", "email_from", "phone")}
UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years", "H": "hours"}
EXCLUDED_PREFIXES = (
    "create_",
    "write_",
    "message_",
    "activity_",
    "marketing_",
    "signup_",
    "property_",
    "won_",
    "lost_",
)


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _settable_fields(self):
        """``[(name, label)]`` of the plain stored fields that a scenario may set, by label."""
        names = [
            (name, field._description_string(self.env))
            for name, field in self._fields.items()
            if field.type in TYPES
            and field.store
            and not field.groups
            and not field.related
            and (not field.readonly or field.inverse)
            and (not field.compute or field.inverse or not field.readonly)
            and name not in EXCLUDED
            and not name.startswith(EXCLUDED_PREFIXES)
        ]
        return sorted(names, key=lambda item: item[1] or item[0])

    def _settable(self, name):
        """Those of these records whose field ``name`` a scenario may set: never the identity of somebody with a login.

        :param name: one of ``_settable_fields``
        """
        if name not in IDENTITY[self._name]:
            return self
        # sudo: whether somebody has a login, also an archived one, must not depend on who asks
        contacts = self.sudo().with_context(active_test=False)
        persons = contacts.partner_id if self._name == "crm.lead" else contacts
        logins = set(persons.filtered("user_ids").ids)
        return self.filtered(lambda record: record._person_id() not in logins)

    def _person_id(self):
        """Id of the contact behind this record, or False."""
        return self.id

    def _read_setting(self, name, text):
        """The value that ``text`` means for the field ``name``.

        Empty text empties the field. Dates: 2026-03-31, or today, today +7d (in the engine's time). Linked records
        and choices: their name.

        :raise UserError: the text is no value of that field; the message says what is expected
        """
        if name not in dict(self._settable_fields()):
            raise UserError(self.env._("The field “%(field)s” cannot be set by a scenario.", field=name))
        field = self._fields[name]
        text = (text or "").strip()
        if not text:
            return False
        try:
            return getattr(self, f"_read_setting_{field.type}", lambda _field, value: value)(field, text)
        except ValueError as error:
            raise UserError(
                self.env._(
                    "“%(text)s” is not a value for “%(field)s” (%(type)s).",
                    text=text,
                    field=field._description_string(self.env),
                    type=field.type,
                )
            ) from error

    def _read_setting_integer(self, _field, text):
        return int(text)

    def _read_setting_float(self, _field, text):
        return float(text.replace(",", "."))

    def _read_setting_monetary(self, field, text):
        return self._read_setting_float(field, text)

    def _read_setting_boolean(self, _field, text):
        return str2bool(text)

    def _read_setting_date(self, _field, text):
        return self._read_moment(text).date()

    def _read_setting_datetime(self, _field, text):
        return self._read_moment(text)

    def _read_moment(self, text):
        now = clock.now(self.env)
        first, _space, shift = text.partition(" ")
        if first not in ("today", "now"):
            return fields.Datetime.to_datetime(text)
        start = now if first == "now" else now.replace(hour=0, minute=0, second=0)
        return _shifted(start, shift)

    def _read_setting_selection(self, field, text):
        choices = dict(field._description_selection(self.env))
        for code, label in choices.items():
            if text in (code, label):
                return code
        raise UserError(
            self.env._(
                "“%(text)s” is no choice of “%(field)s”. Choose one of: %(choices)s.",
                text=text,
                field=field._description_string(self.env),
                choices=", ".join(choices.values()),
            )
        )

    def _read_setting_many2one(self, field, text):
        # name_search: as a person would find it in the form; only an exact name counts
        found = self.env[field.comodel_name].name_search(text, operator="=", limit=2)
        if len(found) != 1:
            raise UserError(
                self.env._(
                    "%(count)s records are called “%(text)s” for “%(field)s”: exactly one is needed.",
                    count=len(found) if len(found) < 2 else self.env._("Several"),
                    text=text,
                    field=field._description_string(self.env),
                )
            )
        return found[0][0]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _person_id(self):
        return self.sudo().partner_id.id  # sudo: only its id, to know whether there is a login


def _shifted(start, shift):
    """``start`` moved by ``+7d``, ``-1m`` … (days, weeks, months, years, hours), several with spaces between."""
    for term in shift.split():
        amount, unit = term[:-1], UNITS.get(term[-1:])
        if not unit or amount[:1] not in "+-":
            raise ValueError(shift)
        start += relativedelta(**{unit: int(amount)})
    return start
