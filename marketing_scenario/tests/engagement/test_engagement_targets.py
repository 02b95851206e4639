"""Who a submission belongs to, and what it may change (S13)."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..engagement_common import EngagementMixin


@tagged("-at_install", "post_install")
class TestEngagementTargets(EngagementMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.Partner, self.Lead = self.env["res.partner"], self.env["crm.lead"]

    def add_field(self, key, target, kind="text", **values):
        return self.env["marketing.engagement.field"].create(
            {"point_id": self.point.id, "label": key, "key": key, "kind": kind, "maps_to": target, **values}
        )

    def test_lead_is_created_with_everything(self):
        sales = self.env["crm.team"].create({"name": "Sales"})
        tag, category = (
            self.env["crm.tag"].create({"name": "Brochure"}),
            self.env["res.partner.category"].create({"name": "Brochure"}),
        )
        self.point.write(
            {
                "team_id": sales.id,
                "lead_tag_ids": tag.ids,
                "tag_ids": category.ids,
                "score": 15,
                "user_id": self.env.user.id,
            }
        )
        self.add_field("country", "country", "choice")
        self.add_field("question", "note", "long_text")
        submission = self.submit(
            first_name="Ann",
            last_name="Lee",
            email="ann@example.com",
            company="Acme",
            phone="06 12 34 56 78",
            country="FR",
            question="Why?\nWhen?",
        )
        lead = submission.lead_id
        self.assertEqual(
            (lead.name, lead.contact_name, lead.partner_name), ("Get our brochure – Ann Lee", "Ann Lee", "Acme")
        )
        self.assertEqual(
            (lead.phone_sanitized, lead.country_id.code, lead.team_id, lead.tag_ids), ("+33612345678", "FR", sales, tag)
        )
        self.assertEqual((lead.marketing_score, lead.user_id), (15, self.env.user))
        self.assertIn("Why?<br>When?", lead.description.replace("<br/>", "<br>"))
        self.assertFalse(submission.partner_id)
        self.assertIn("question: Why?", submission.answers)

    def test_open_lead_is_reused_and_not_overwritten(self):
        known = self.Lead.create(
            {"name": "Known", "email_from": "Ann <ANN@example.com>", "contact_name": "Ann L.", "city": "Lyon"}
        )
        self.add_field("city", "city")
        submission = self.submit(
            first_name="Annie", email="ann@example.com", company="Acme", city="Paris", phone="+33612345678"
        )
        self.assertEqual(submission.lead_id, known)
        self.assertEqual(
            (known.contact_name, known.city, known.partner_name, known.phone_sanitized),
            ("Ann L.", "Lyon", "Acme", "+33612345678"),
        )
        self.assertTrue(any("Paris" in body for body in known.message_ids.mapped("body")))

    def test_won_lost_and_archived_leads_are_left_alone(self):
        won = self.Lead.create({"name": "Won", "type": "opportunity", "email_from": "ann@example.com"})
        won.action_set_won()
        lost = self.Lead.create({"name": "Lost", "email_from": "ann@example.com"})
        lost.action_set_lost()
        self.assertNotIn(self.submit(email="ann@example.com").lead_id, won + lost)

    def test_lead_gets_the_known_contact_whose_data_stays(self):
        known = self.Partner.create({"name": "Ann Lee", "email": "ann@example.com", "phone": "+33 1 23 45 67 89"})
        submission = self.submit(first_name="Wrong", email="ANN@example.com", phone="+33612345678", company="Acme")
        self.assertEqual((submission.partner_id, submission.lead_id.partner_id), (known, known))
        self.assertEqual((known.name, known.phone, known.company_name), ("Ann Lee", "+33 1 23 45 67 89", "Acme"))

    def test_company_of_a_new_contact_stays_a_text_until_somebody_confirms_it(self):
        self.point.creates = "contact"
        for key in ("street", "city"):
            self.add_field(key, key)
        acme = self.Partner.create({"name": "Acme", "is_company": True})
        count = self.Partner.search_count([("is_company", "=", True)])
        partners = self.env["res.partner"]
        for name, company in (("ann", "acme"), ("bob", "Acme"), ("carl", "New & Co"), ("dora", "New & Co")):
            partners |= self.submit(
                first_name=name, email=f"{name}@example.com", company=company, street="1 rue Neuve", city="Nice"
            ).partner_id
        self.assertEqual(partners.mapped("company_name"), ["acme", "Acme", "New & Co", "New & Co"])
        self.assertFalse(partners.parent_id)
        self.assertFalse(acme.street or acme.child_ids)
        self.assertEqual(self.Partner.search_count([("is_company", "=", True)]), count)

    def test_stranger_writes_nothing_on_a_company(self):
        self.point.creates = "contact"
        for key in ("street", "city", "website"):
            self.add_field(key, key)
        acme = self.Partner.create({"name": "Acme", "is_company": True, "email": "info@acme.example"})
        staff = self.Partner.create({"name": "Eve", "email": "eve@acme.example", "parent_id": acme.id})
        for email in ("info@acme.example", "eve@acme.example"):
            self.submit(email=email, phone="+33612345678", street="1 rue Neuve", city="Nice", website="evil.example")
        self.assertEqual([acme.street, acme.city, acme.phone, acme.website], [False] * 4)
        self.assertFalse(staff.street)

    def test_contact_with_a_login_is_never_filled(self):
        login = new_test_user(self.env, "portal_ann", groups="base.group_portal", email=False).partner_id
        self.assertFalse(login.email)
        login.phone = "+33612345678"
        named = new_test_user(self.env, "portal_bob", groups="base.group_portal", email="bob@example.com").partner_id
        named.user_ids.active = False
        for creates in ("lead", "contact", "both"):
            self.point.creates = creates
            taken = self.submit(email=f"evil-{creates}@example.com", phone="06 12 34 56 78")
            self.assertFalse(login.email)
            self.assertNotEqual(taken.partner_id, login)
            self.assertFalse(taken.lead_id.partner_id & login)
            self.submit(email="bob@example.com", phone="+33699887766", company="Evil")
            self.assertEqual((named.phone, named.company_name, named.email), (False, False, "bob@example.com"))

    def test_phone_alone_never_leads_to_a_login(self):
        self.point.field_ids.filtered(lambda field: field.key == "email").required = False
        login = new_test_user(self.env, "portal_ann", groups="base.group_portal", email=False).partner_id
        login.phone = "+33612345678"
        self.point.creates = "contact"
        submission = self.submit(phone="06 12 34 56 78", first_name="Eve")
        self.assertFalse(submission.partner_id)
        self.assertTrue(submission.lead_id)
        self.assertTrue(any(login.name in body for body in submission.lead_id.message_ids.mapped("body")))

    def test_doubtful_match_becomes_a_lead_that_names_whom_to_merge_with(self):
        self.point.creates = "contact"
        bob = self.Partner.create({"name": "Bob Known", "phone": "+33612345678"})
        submission = self.submit(phone="06 12 34 56 78", email="bob@example.com")
        self.assertFalse(bob.email)
        self.assertFalse(submission.partner_id)
        self.assertEqual(submission.lead_id.email_from, "bob@example.com")
        note = "".join(submission.lead_id.message_ids.mapped("body"))
        self.assertIn("Bob Known", note)
        self.assertIn("merge", note)
        again = self.submit(phone="06 12 34 56 78", email="bob@example.com")
        self.assertEqual(again.lead_id, submission.lead_id)

    def test_who_has_another_address_is_somebody_else(self):
        self.point.creates = "contact"
        bob = self.Partner.create({"name": "Bob Known", "phone": "+33612345678", "email": "known@example.com"})
        submission = self.submit(phone="06 12 34 56 78", email="bob@example.com")
        self.assertFalse(submission.lead_id, "there is no doubt for a person to solve")
        self.assertEqual(submission.partner_id.email, "bob@example.com")
        self.assertNotEqual(submission.partner_id, bob)
        self.assertEqual(bob.email, "known@example.com")

    def test_phone_of_two_people_names_neither(self):
        self.point.field_ids.filtered(lambda field: field.key == "email").required = False
        self.Partner.create([{"name": name, "phone": "+33612345678"} for name in ("Bob", "Carl")])
        submission = self.submit(phone="06 12 34 56 78")
        self.assertFalse(submission.partner_id or submission.lead_id.partner_id)

    def test_form_for_contacts_finds_the_lead_of_this_address(self):
        self.point.creates = "contact"
        known = self.Lead.create({"name": "Project", "contact_name": "Ann", "email_from": "ann@example.com"})
        submission = self.submit(first_name="Ann", email="ann@example.com")
        self.assertEqual((submission.lead_id, known.partner_id), (known, submission.partner_id))
        self.assertEqual(self.events[0][1:3], ("res.partner", submission.partner_id.ids))

    def test_both(self):
        self.point.creates = "both"
        first = self.submit(first_name="Ann", email="ann@example.com", company="Acme")
        self.assertEqual(first.lead_id.partner_id, first.partner_id)
        self.assertEqual(first.partner_id.company_name, "Acme")
        again = self.submit(first_name="Ann", email="ann@example.com")
        self.assertEqual((again.partner_id, again.lead_id), (first.partner_id, first.lead_id))
        self.assertEqual([event[1] for event in self.events], ["crm.lead", "crm.lead"])

    def test_phone_finds_a_person_when_no_address_is_given(self):
        self.point.creates = "contact"
        self.point.field_ids.filtered(lambda field: field.key == "email").required = False
        bob = self.Partner.create({"name": "Bob", "phone": "+33612345678"})
        self.assertEqual(self.submit(phone="06 12 34 56 78").partner_id, bob)
        bob.email = "bob@example.com"
        self.assertEqual(self.submit(phone="06 12 34 56 78", email="bob@example.com").partner_id, bob)
        colleague = self.submit(phone="06 12 34 56 78", email="carl@example.com").partner_id
        self.assertNotEqual(colleague, bob)

    def test_address_is_taken_whole_or_not(self):
        self.point.creates = "contact"
        for key in ("street", "city", "zip"):
            self.add_field(key, key)
        acme = self.Partner.create({"name": "Acme", "is_company": True, "city": "Lyon"})
        ann = self.Partner.create({"name": "Ann", "email": "ann@example.com", "city": "Paris"})
        eve = self.Partner.create({"name": "Eve", "email": "eve@example.com", "parent_id": acme.id})
        bob = self.Partner.create({"name": "Bob", "email": "bob@example.com"})
        for email in ("ann@example.com", "eve@example.com", "bob@example.com"):
            self.submit(email=email, street="1 rue Neuve", city="Nice", zip="06000")
        self.assertEqual(
            [(record.street, record.city) for record in (ann, eve, bob, acme)],
            [(False, "Paris"), (False, "Lyon"), ("1 rue Neuve", "Nice"), (False, "Lyon")],
        )

    def test_other_company_is_not_searched(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.Partner.create({"name": "Ann", "email": "ann@example.com", "company_id": other.id})
        hidden = self.Lead.create({"name": "Hidden", "email_from": "ann@example.com", "company_id": other.id})
        self.point.creates = "both"
        submission = self.submit(email="ann@example.com")
        self.assertNotEqual(submission.partner_id, stranger)
        self.assertNotEqual(submission.lead_id, hidden)
        self.assertEqual(submission.lead_id.company_id, self.point.company_id)

    def test_kinds_are_checked(self):
        self.add_field("n", "none", "number")
        self.add_field("d", "none", "date")
        self.add_field("c", "none", "choice", options="Red\nBlue")
        wrong = self.intake(email="a@b", phone="+33 6 12", n="NaN", d="2026-02-30", c="Green", first_name="x" * 251)
        self.assertEqual(set(wrong["errors"]), {"email", "phone", "n", "d", "c", "first_name"})
        values = self.submit(email="A@Example.com", phone="0612345678", n="1 234,50", d="2026-02-28", c="Blue").values
        self.assertEqual(
            [values[key] for key in ("email", "phone", "n", "d", "c")],
            ["a@example.com", "+33612345678", "1234.50", "2026-02-28", "Blue"],
        )

    def test_choice_is_stored_alike_in_every_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        field = self.add_field("c", "none", "choice", options="Red\nBlue")
        field.with_context(lang="fr_FR").options = "Rouge\nBleu"
        self.assertEqual(field.with_context(lang="fr_FR")._choices(), [("Red", "Rouge"), ("Blue", "Bleu")])
        self.assertEqual(field.with_context(lang="fr_FR")._clean("Bleu", self.env.company.country_id), ("Blue", False))

    def test_country_chosen_reads_the_phone(self):
        self.add_field("country", "country", "choice")
        self.assertEqual(self.submit(email="a@example.com", country="BE", phone="0470 12 34 56").phone, "+32470123456")

    def test_point_refuses_unsafe_settings(self):
        for url in ("javascript:alert(1)", "//evil.net", "ftp://x.y", "https://", "https://a b"):
            with self.assertRaises(ValidationError):
                self.point.redirect_url = url
        for origin in ("example.com", "https://example.com/path", "https://a.b; script-src *"):
            with self.assertRaises(ValidationError):
                self.point.allowed_origins = origin
        for key in ("nonce", "A b", "é"):
            with self.assertRaises(ValidationError):
                self.add_field(key, "none")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.add_field("email", "none")

    def test_key_comes_from_the_label(self):
        Field = self.env["marketing.engagement.field"]
        keys = [
            Field.create({"point_id": self.point.id, "label": label}).key
            for label in ("Taille d'équipe", "Email", "Lang", "日本")
        ]
        self.assertEqual(keys[:3], ["taille_dequipe", "email_2", "lang_2"])
        self.assertTrue(keys[3])

    def test_copy_has_its_own_address(self):
        copy = self.point.copy()
        self.assertNotEqual(copy.token, self.point.token)
        self.assertEqual(copy.field_ids.mapped("key"), self.point.field_ids.mapped("key"))
        self.assertEqual(len(copy.token), 32)

    def test_new_form_speaks_each_language_whatever_it_was_created_under(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang in ("fr_FR", "en_US"):
            point = self.env["marketing.engagement.point"].with_context(lang=lang).create({"name": "New"})
            english, french = (point.with_context(lang=code) for code in ("en_US", "fr_FR"))
            self.assertIn("I agree to receive", english.consent_text)
            self.assertIn("Thank you!", english.thank_you)
            self.assertIn("J’accepte", french.consent_text.replace("'", "’"))
            self.assertIn("Merci", french.thank_you)
            self.assertEqual((english.title, english.submit_label), ("Keep in touch", "Send"))
            self.assertEqual(english.field_ids.mapped("label")[0], "First name")
            self.assertEqual(french.field_ids.mapped("label")[0], "Prénom")
            self.assertIn("I agree", self.submit(point, email=f"{lang}@example.com", consent="1").consent_text)

    def test_own_texts_of_a_new_form_are_kept(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        own = {"name": "New", "consent_text": "<p>Oui, je le veux.</p>", "title": "Ma page"}
        point = self.env["marketing.engagement.point"].with_context(lang="fr_FR").create(own)
        self.assertEqual((point.title, point.consent_text), ("Ma page", "<p>Oui, je le veux.</p>"))
