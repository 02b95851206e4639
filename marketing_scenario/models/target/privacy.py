"""What is kept about a person, to be forgotten or told on request (S37). Each room answers for its own rows."""

from odoo import api, models
from odoo.tools import html2plaintext

from .mixin import TARGET_MODELS

TEXT_TYPES = ("char", "text", "html", "json", "binary")


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    # -- forgetting -----------------------------------------------------------------------------------------------

    def _forget_person(self, person):
        """Hook: leave nothing about these records outside of them; each room deletes or empties its own rows.

        It runs as superuser, also when the records are deleted. Here: the chatter, where all rooms and people write.

        :param person: list of all recordsets that are forgotten together, these included
        """
        for model in ("mail.activity", "mail.message"):
            name = "model" if model == "mail.message" else "res_model"
            rows = self.env[model].with_context(active_test=False)
            rows.search([(name, "=", self._name), ("res_id", "in", self.ids)]).unlink()

    def _forgotten_values(self):
        """Hook: what marketing keeps in the fields of the records themselves, as it stands after forgetting.

        :return: ``{field: value}``
        """
        return {}

    def _empty_rows(self, rows, keep=()):
        """Empty every stored text of ``rows``, of fields added later as well.

        :param rows: records that stay for the figures
        :param keep: fields with texts that cannot be about a person
        """
        rows.write(
            {
                name: False
                for name, field in rows._fields.items()
                if field.store and field.type in TEXT_TYPES
                if not (field.required or field.related) and name not in keep
            }
        )

    def _person_words(self):
        """Names, addresses and numbers by which a text can name these people: a set of texts in lower case."""
        names = ("display_name", "marketing_person_name", "marketing_email", "marketing_phone", *self._own_words())
        return {str(word).lower() for record in self for name in names if (word := record[name])}

    def _own_words(self):
        return ("email", "phone", "name") if self._name == "res.partner" else ("email_from", "phone", "contact_name")

    @api.model
    def _person_addresses(self, person):
        """Normalized addresses of a person that are theirs alone: what was sent to a shared one may concern others.

        :param person: as in ``_forget_person``
        :return: set of addresses
        """
        mine = {record.email_normalized for records in person for record in records if record.email_normalized}
        ids = {records._name: records.ids for records in person}
        shared = set()
        for model in TARGET_MODELS if mine else ():
            others = self.env[model].with_context(active_test=False)
            domain = [("email_normalized", "in", list(mine)), ("id", "not in", ids.get(model, []))]
            shared |= set(others.search(domain).mapped("email_normalized"))
        return mine - shared

    def _person(self):
        """The records that are the same person as this one: a contact with its leads; a lead with its contact.

        A lead of an account is a person of its own: the account's other leads are of other people.

        :return: list of recordsets, none empty
        """
        self.ensure_one()
        # sudo: whether the caller may touch them is asked by the caller
        contact = self if self._name == "res.partner" else self.sudo().partner_id.with_env(self.env)
        if contact != self and (not contact or contact.sudo().is_company):
            return [self]
        leads = self.env["crm.lead"].sudo().with_context(active_test=False).search([("partner_id", "=", contact.id)])
        return [records for records in (contact, leads.with_env(self.env)) if records]

    # -- telling --------------------------------------------------------------------------------------------------

    def _person_report(self):
        """Hook: all that is kept about this record, in the language of the user. It runs as superuser.

        :return: ``{title: [{label: value}]}``
        """
        messages = self.env["mail.message"].search([("model", "=", self._name), ("res_id", "in", self.ids)], order="id")
        told = ("date", "message_type", "email_from", "incoming_email_to", "incoming_email_cc", "outgoing_email_to")
        return {
            self.env._("Record"): self._report_rows(self, self._report_fields()),
            self.env._("History"): self._report_rows(messages, (*told, "reply_to", "subject", "body")),
            self.env._("Changes"): [
                {
                    self.env._("Date"): str(change.create_date),
                    self.env._("Field"): change.field_id.field_description or "",
                    self.env._("Before"): self._report_change(change, "old"),
                    self.env._("After"): self._report_change(change, "new"),
                }
                for change in messages.tracking_value_ids
            ],
            self.env._("Activities"): self._report_rows(
                self.env["mail.activity"]
                .with_context(active_test=False)
                .search([("res_model", "=", self._name), ("res_id", "in", self.ids)], order="id"),
                ("activity_type_id", "summary", "note", "date_deadline", "date_done", "feedback"),
            ),
        }

    def _report_fields(self):
        """The fields of the record that hold something said by or known about the person."""
        own = (
            ("name", "parent_id", "email", "phone", "street", "street2", "zip", "city", "country_id", "lang", "tz")
            if self._name == "res.partner"
            else ("name", "contact_name", "partner_name", "email_from", "phone", "street", "zip", "city", "country_id")
        )
        marketing = [
            name
            for name, field in self._fields.items()
            if name.startswith("marketing_") and field.store and not field.relational
        ]
        return (*own, *sorted(marketing), "create_date")

    @api.model
    def _report_rows(self, records, names):
        """``[{label: value}]`` of ``records``; empty values are left out.

        :param names: the fields to tell; those that do not exist here are left out
        """
        labels = {}
        for name in names:
            if name in records._fields:
                label = records._fields[name]._description_string(self.env) or name
                labels[name] = f"{label} ({name})" if label in labels.values() else label
        return [
            {label: value for name, label in labels.items() if (value := self._report_value(record, name)) != ""}
            for record in records
        ]

    def _report_change(self, change, which):
        """The value before or after a change, from the column of its type."""
        kinds = ("char", "text", "datetime", "float", "integer")
        return str(next((value for kind in kinds if (value := change[f"{which}_value_{kind}"])), ""))

    def _report_value(self, record, name):
        """One value as JSON can hold it and a person can read it; empty ones are ""."""
        field, value = record._fields[name], record[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "boolean" or field.type in ("integer", "float", "monetary") and value:
            return value
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "html":
            return html2plaintext(value)
        return value if field.type == "json" else str(value)
