"""From a submission to the contact and the lead: find them by email, else by phone; else create (S13)."""

from markupsafe import Markup

from odoo import models
from odoo.tools import plaintext2html
from odoo.tools.sql import escape_psql

from odoo.addons.phone_validation.tools import phone_validation

ADDRESS = ("street", "street2", "zip", "city")
MAX_ALIKE = 5  # records named in the note about a doubtful match


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_guarded(self):
        """Whether no stranger's post may write on this contact.

        That is who logs in, since an address filled in would let its owner reset the password, and every company,
        since a stranger who knows its address does not speak for it.
        """
        logins = self.with_context(active_test=False).user_ids
        return bool(self.is_company or logins)


class ResCountry(models.Model):
    _inherit = "res.country"

    def _marketing_find(self, text):
        """:return: the country of a code ("FR") or name in the present language; empty when none."""
        if not text:
            return self.browse()
        return self.search([("code", "=", text.upper())], limit=1) or self.search(
            [("name", "=ilike", escape_psql(text))], limit=1
        )


class EngagementTarget(models.Model):
    _inherit = "marketing.engagement.submission"

    def _find_or_create_targets(self):
        """The people behind this post. It fills empty fields of those it surely comes from, and overwrites nothing.

        An email address names a person; a phone number does so only when no address is given and one person has it.
        Anyone who might be someone known, but need not be, becomes a new lead that says whom to compare it with.

        :return: (partner, lead), either may be empty
        """
        self.ensure_one()
        creates = self.point_id.creates
        partner, alike = self._find("res.partner", [])
        # A lead that is known is found even when the form creates contacts: it may be walking a scenario.
        lead, alike_leads = self._find("crm.lead", [("won_status", "=", "pending")])
        doubtful = [record for records in (alike, alike_leads) for record in records]
        if partner:
            self._fill_empty(partner, self._partner_values())
        elif creates != "lead" and not doubtful:
            partner = partner.create(self._new_partner_values())
        if lead:
            self._fill_empty(lead, self._lead_values(lead.partner_id))
            if partner and not lead.partner_id and self._agree(lead, partner):
                lead.partner_id = partner
        elif creates != "contact" or (doubtful and not partner):
            lead = lead.create(self._new_lead_values(partner))
        if lead and doubtful:
            lead.message_post(body=self._doubt_body(doubtful), subtype_xmlid="mail.mt_note")
        return partner, lead

    def _find(self, model, domain):
        """Search the record that this post is surely about: newest lead or first contact; persons before companies.

        A phone number is shared by colleagues and known to strangers. It never leads to somebody with a login, nor
        from one email address to another.

        :return: (the record or empty, those that may be the same person, but only a person can tell)
        """
        company = self.company_id or self.env.company
        domain = domain + [("company_id", "in", (False, company.id))]
        order = "is_company, id" if model == "res.partner" else "id desc"
        none = self.env[model]
        if self.email:
            found = none.search(domain + [("email_normalized", "=", self.email)], order=order, limit=1)
            if found or not self.phone:
                return found, none
            # somebody else's address makes them somebody else
            domain = domain + [("email_normalized", "in", (False, ""))]
        if not self.phone:
            return none, none
        found = none.search(domain + [("phone_sanitized", "=", self.phone)], order=order, limit=MAX_ALIKE)
        contact = found if model == "res.partner" else found.partner_id
        if not self.email and len(found) == 1 and not contact._is_guarded():
            return found, none
        return none, found

    def _doubt_body(self, records):
        """:return: the note (Markup) that names those who may be the same person, for somebody to merge."""
        links = Markup(", ").join(record._get_html_link() for record in records)
        return Markup("<p>%s %s</p>") % (
            self.env._(
                "Another record has the phone number of this form. If it is the same person, merge them; nothing was "
                "written there:"
            ),
            links,
        )

    def _fill_empty(self, record, values):
        """Write those ``values`` whose field is empty on ``record``; an address is taken whole or not at all."""
        if record._name == "res.partner" and record._is_guarded():
            return
        kept = {name: value for name, value in values.items() if value and not record[name]}
        parent = record.parent_id if record._name == "res.partner" else record.partner_id
        # A contact's address and its company's are one in Odoo: writing one changes the other.
        if any(holder[name] for holder in (record, parent) for name in ADDRESS) or (
            record._name == "res.partner" and parent
        ):
            kept = {name: value for name, value in kept.items() if name not in (*ADDRESS, "country_id")}
        if record._name == "res.partner" and parent:
            kept.pop("company_name", None)
        if kept:
            record.write(kept)

    def _agree(self, lead, partner):
        """True when the lead loses nothing by getting the contact: crm then copies the contact's details over it."""
        pairs = [
            ("email_from", "email"),
            ("phone", "phone"),
            ("website", "website"),
            ("function", "function"),
            *((name, name) for name in (*ADDRESS, "country_id")),
        ]
        return all(not lead[ours] or lead[ours] == partner[theirs] for ours, theirs in pairs)

    def _address_values(self):
        mapped = self._mapped()
        phone = (
            phone_validation.phone_format(self.phone, None, None, force_format="INTERNATIONAL", raise_exception=False)
            if self.phone
            else False
        )
        return {
            "phone": phone,
            "function": mapped.get("job"),
            "street": mapped.get("street"),
            "zip": mapped.get("zip"),
            "city": mapped.get("city"),
            "country_id": self.env["res.country"]._marketing_find(mapped.get("country")).id,
            "website": mapped.get("website"),
        }

    def _partner_values(self):
        return self._address_values() | {"email": self.email, "company_name": self._mapped().get("company_name")}

    def _new_partner_values(self):
        point = self.point_id
        # The company stays a text: only a person can say that a stranger belongs to it.
        values = {name: value for name, value in self._partner_values().items() if value}
        if note := self._mapped().get("note"):
            values["comment"] = self._note_html(note)
        return values | {
            "name": self.name or self.email or self.phone or self.env._("Visitor of %(form)s", form=point.name),
            "company_id": point.company_id.id,
            "user_id": point.user_id.id,
            "lang": self.lang,
        }

    def _lead_values(self, partner):
        """Details for a lead. Crm copies its email and phone to its contact: what that one has is left out."""
        mapped = self._mapped()
        values = self._address_values() | {
            "email_from": self.email,
            "contact_name": self.name,
            "partner_name": mapped.get("company_name"),
        }
        if note := mapped.get("note"):
            values["description"] = self._note_html(note)
        guarded = partner._is_guarded()
        if partner.email or guarded:
            del values["email_from"]
        if partner.phone or guarded:
            del values["phone"]
        return values

    def _new_lead_values(self, partner):
        point = self.point_id
        values = {name: value for name, value in self._lead_values(partner).items() if value}
        for name in ("campaign", "source", "medium"):
            values[f"{name}_id"] = self._utm(f"utm.{name}", self[f"utm_{name}"]).id or point[f"{name}_id"].id
        return (
            values
            | {
                "name": " – ".join(filter(None, (point.title, self.name or self.email or self.phone))),
                "partner_id": partner.id,
                "company_id": point.company_id.id,
                "user_id": point.user_id.id,
                "lang_id": self.env["res.lang"]._get_data(code=self.lang).id,
            }
            | ({"team_id": point.team_id.id} if point.team_id else {})
        )

    def _utm(self, model, name):
        """:return: the campaign, source or medium of this name, created when new, as Odoo does for its own links."""
        records = self.env[model].with_context(active_test=False)
        if not name:
            return records
        values = {"name": name, "is_auto_campaign": True} if model == "utm.campaign" else {"name": name}
        return records.search([("name", "=ilike", escape_psql(name))], limit=1) or records.create(values)

    def _note_html(self, text):
        """:return: Markup of a stranger's text, escaped, with its line breaks."""
        return plaintext2html(text)
