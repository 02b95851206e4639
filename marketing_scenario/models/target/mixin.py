"""What a target offers to steps, rules, channels and templates, the same on all kinds (S2)."""

import phonenumbers

from odoo import api, fields, models
from odoo.fields import Domain

TARGET_MODELS = ("res.partner", "crm.lead")
MOBILE_TYPES = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class MarketingScenarioTarget(models.AbstractModel):
    """Merge fields of a target. Each model fills ``_marketing_values``; a lead's own value wins, then its
    contact's, then its company's."""

    _name = "marketing.scenario.target"
    _description = "Target of marketing scenarios"

    _marketing_zone_fields = ()  # what ``_marketing_zone`` reads of the record itself

    _marketing_column = None  # field of rows about a target (enrollments, traces …) that holds this model

    marketing_person_name = fields.Char("Person name", compute="_compute_marketing_values", compute_sudo=True)
    marketing_first_name = fields.Char("First name", compute="_compute_marketing_values", compute_sudo=True)
    marketing_company_name = fields.Char("Company name", compute="_compute_marketing_values", compute_sudo=True)
    marketing_email = fields.Char("Email address", compute="_compute_marketing_values", compute_sudo=True)
    marketing_email_normalized = fields.Char(
        "Email, normalized", compute="_compute_marketing_values", compute_sudo=True
    )
    marketing_phone = fields.Char("Phone (E.164)", compute="_compute_marketing_values", compute_sudo=True)
    marketing_is_mobile = fields.Boolean("Phone is a mobile", compute="_compute_marketing_is_mobile")
    marketing_lang = fields.Char("Language code", compute="_compute_marketing_values", compute_sudo=True)
    marketing_tz = fields.Char("Time zone of the person", compute="_compute_marketing_tz", compute_sudo=True)
    marketing_user_id = fields.Many2one(
        "res.users", "Assigned user", compute="_compute_marketing_values", compute_sudo=True
    )
    marketing_company_id = fields.Many2one(
        "res.company", "Company in charge", compute="_compute_marketing_values", compute_sudo=True
    )
    marketing_kind = fields.Selection(
        [("contact", "Contact"), ("account", "Account"), ("lead", "Lead")],
        string="Kind of target",
        compute="_compute_marketing_kind",
    )

    @api.ondelete(at_uninstall=False)
    def _end_marketing_enrollments(self):
        """S3: a deleted target ends its enrollments; nothing raises."""
        # sudo: who may delete the record may end its runs
        self.sudo().marketing_enrollment_ids._stop("target_deleted")

    def _marketing_values(self):
        """One record's merge fields as ``{field without "marketing_": value}``; filled by each model."""
        return {}

    def _marketing_kind(self):
        """contact, account or lead."""
        return False

    def _marketing_zone(self):
        """Name of one record's time zone: the person's, else the salesperson's, else the company's (S30)."""
        return self.env.company._marketing_zone()

    def _zone_of(self, *people):
        """The zone of the first of these records that has one, else that of their first salesperson, of their first
        company, of the current company. Asked for each of a batch: most people have a zone, and nothing more is read.
        """
        for person in people:
            if "tz" in person._fields and person.tz:
                return person.tz
        user = next((person.user_id for person in people if person.user_id), None)
        if user and user.tz:
            return user.tz
        company = next((person.company_id for person in people if person.company_id), None)
        return (company or self.env.company)._marketing_zone()

    def _compute_marketing_tz(self):
        for record in self:
            record.marketing_tz = record._marketing_zone()

    def _company_in_charge(self, own, user):
        """Whose company speaks to a target: the target's own, the scenario's, the salesperson's, the current one.

        The scenario's is in the context ``marketing_scenario_company_id`` while one of its steps is at work.
        """
        scenario_company = self.env.context.get("marketing_scenario_company_id") or False
        return own or self.env["res.company"].browse(scenario_company) or user.company_id or self.env.company

    @api.depends_context("company", "marketing_scenario_company_id")
    def _compute_marketing_values(self):
        for record in self:
            values = record._marketing_values()
            user = values.get("user_id") or self.env["res.users"]
            company = record._company_in_charge(values.get("company_id"), user)
            record.marketing_person_name = values.get("person_name") or False
            record.marketing_first_name = values.get("first_name") or _first_name(values.get("person_name"))
            record.marketing_company_name = values.get("company_name") or False
            record.marketing_email = values.get("email") or False
            record.marketing_email_normalized = values.get("email_normalized") or False
            record.marketing_phone = values.get("phone") or False
            record.marketing_lang = values.get("lang") or user.lang or company.partner_id.lang or "en_US"
            record.marketing_user_id = user
            record.marketing_company_id = company

    @api.depends("marketing_phone")
    def _compute_marketing_is_mobile(self):
        for record in self:
            record.marketing_is_mobile = is_mobile(record.marketing_phone)

    def _compute_marketing_kind(self):
        for record in self:
            record.marketing_kind = record._marketing_kind()

    def _search_among(self, domain):
        """Ids of those of these records that match ``domain``, archived ones too."""
        return self.with_context(active_test=False).search(Domain("id", "in", self.ids) & Domain(domain)).ids


def _first_name(name):
    """First word of "Firstname Lastname"; the part after the comma of "Lastname, Firstname"."""
    if not name:
        return False
    _last, comma, first = name.partition(",")
    words = (first if comma and first.strip() else name).split()
    return words[0] if words else False


def is_mobile(number):
    """Whether an E.164 number can receive SMS; numbering plans that do not tell count as mobile (S21)."""
    if not number:
        return False
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in MOBILE_TYPES
