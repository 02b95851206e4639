"""What a scenario needs beside its tree, and how each of it comes into another database: by its name, never by its id.

What exists there by that name is used as it is. What does not is made, if its model says here that it may be made from
a file; anything else (a report, a server action, a user, another scenario …) is never made, and told as missing.
"""

from odoo import models


class MarketingShareable(models.AbstractModel):
    """Rows of this model are made from a file where they do not exist."""

    _name = "marketing.shareable"
    _description = "Made from the file of a scenario"

    _shared_names = None  # fields that come with the name; None: all that are copied
    _shared_path = None  # ``(beginning, field)`` of the address by which texts point at a row
    _shared_found = True  # a row of the same name is used; else each file makes its own

    def _shared_fields(self):
        """``{name: field}`` of what a file holds of a row, beside its name."""
        apart = {self._rec_name, "company_id", "active", *models.MAGIC_COLUMNS}
        return {
            name: field
            for name, field in self._fields.items()
            if name not in apart and (self._shared_names is None or name in self._shared_names)
            if field.store and field.copy and not field.related and not field.groups
            if field.type not in ("one2many", "many2one_reference", "reference", "json")
            if not field.readonly
        }

    def _shared_lines(self):
        """The one2many fields whose rows belong to a row."""
        return {
            name: field
            for name, field in self._fields.items()
            if field.type == "one2many" and field.copy and self._shared_names is None
        }

    def _make_shared(self, values):
        """Make a row from the values of a file."""
        return self.create(values)


class MarketingWindow(models.Model):
    _name = "marketing.window"
    _inherit = ["marketing.window", "marketing.shareable"]


class MarketingEngagementPoint(models.Model):
    _name = "marketing.engagement.point"
    _inherit = ["marketing.engagement.point", "marketing.shareable"]

    _shared_path = ("/marketing/form/", "token")


class MarketingEngagementField(models.Model):
    _name = "marketing.engagement.field"
    _inherit = ["marketing.engagement.field", "marketing.shareable"]

    def _shared_fields(self):
        return {"label": self._fields["label"], **super()._shared_fields()}


class MarketingPhoningCampaign(models.Model):
    _name = "marketing.phoning.campaign"
    _inherit = ["marketing.phoning.campaign", "marketing.shareable"]


class MarketingAutomatism(models.Model):
    _name = "marketing.automatism"
    _inherit = ["marketing.automatism", "marketing.shareable"]

    _shared_found = False  # it is about the scenario that it came with

    def _shared_fields(self):
        return {name: field for name, field in super()._shared_fields().items() if name != "user_id"}


class MarketingAutomatismAction(models.Model):
    _name = "marketing.automatism.action"
    _inherit = ["marketing.automatism.action", "marketing.shareable"]


class MarketingAccountStatus(models.Model):
    _name = "marketing.account.status"
    _inherit = ["marketing.account.status", "marketing.shareable"]

    _shared_names = ()


class ResPartnerCategory(models.Model):
    _name = "res.partner.category"
    _inherit = ["res.partner.category", "marketing.shareable"]

    _shared_names = ()


class CrmTag(models.Model):
    _name = "crm.tag"
    _inherit = ["crm.tag", "marketing.shareable"]

    _shared_names = ()


class UtmCampaign(models.Model):
    _name = "utm.campaign"
    _inherit = ["utm.campaign", "marketing.shareable"]

    _shared_names = ()


class UtmSource(models.Model):
    _name = "utm.source"
    _inherit = ["utm.source", "marketing.shareable"]

    _shared_names = ()


class UtmMedium(models.Model):
    _name = "utm.medium"
    _inherit = ["utm.medium", "marketing.shareable"]

    _shared_names = ()


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "marketing.shareable"]

    _shared_names = ("model", "subject", "body_html", "attachment_ids")

    def _shared_fields(self):
        # which records it is for: a name, where the field behind it holds an id
        return {"model": self._fields["model"], **super()._shared_fields()}

    def _make_shared(self, values):
        model = values.pop("model", None)
        kinds = {"res.partner": "base.model_res_partner", "crm.lead": "crm.model_crm_lead"}
        return super()._make_shared({**values, "model_id": model in kinds and self.env.ref(kinds[model]).id})


class MarketingSender(models.Model):
    _inherit = "marketing.sender"

    def _shared_proposal(self):
        """What is proposed where a file asks for one."""
        return self._default_for(self.env.company)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _shared_proposal(self):
        """As for senders."""
        return self.env.user
