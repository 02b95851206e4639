from datetime import timedelta

from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY

OPT_OUTS = ("marketing_refuse_email", "marketing_refuse_sms", "marketing_refuse_phone", "marketing_refuse_all")


@tagged("post_install", "-at_install")
class TestHandover(AutomatismCase):
    """A lead that gets a contact hands over its score and its consent (S51)."""

    def _agreed(self, days, proof):
        return {
            "marketing_optin": True,
            "marketing_optin_date": MONDAY + timedelta(days=days),
            "marketing_optin_source": proof,
            "marketing_optin_proof": proof,
        }

    def test_a_contact_made_from_a_lead_has_its_points_and_consent(self):
        lead = self._make_lead(email_from="new@example.com", marketing_refuse_sms=True, **self._agreed(-1, "form"))
        lead._add_score(80, "form")
        lead._handle_partner_assignment(create_missing=True)
        contact = lead.partner_id
        self.assertEqual((contact.marketing_score, lead.marketing_score, lead.marketing_own_score), (80, 80, 0))
        self.assertEqual(contact.marketing_score_line_ids.mapped("points"), [80])
        self.assertEqual((contact.marketing_optin, contact.marketing_optin_proof), (True, "form"))
        self.assertEqual([contact[name] for name in OPT_OUTS], [False, True, False, False])

    def test_points_add_up_and_an_opt_out_always_wins(self):
        self.contact.write({"marketing_refuse_phone": True, **self._agreed(-1, "newer")})
        leads = self.env["crm.lead"]
        for number, proof in ((60, "older"), (5, "oldest")):
            lead = self._make_lead(proof, marketing_refuse_email=proof == "older", **self._agreed(-number, proof))
            lead._add_score(number, "test")
            leads += lead
        self.contact._add_score(10, "test")
        leads.write({"partner_id": self.contact.id})
        self.assertEqual((self.contact.marketing_score, leads.mapped("marketing_score")), (75, [75, 75]))
        self.assertEqual(self.contact.marketing_optin_proof, "newer")
        self.assertEqual([self.contact[name] for name in OPT_OUTS], [True, False, True, False])
        self._make_lead("newest", partner_id=self.contact.id)
        newest = self._make_lead("newest", **self._agreed(0, "newest"))
        newest.partner_id = self.contact
        self.assertEqual((self.contact.marketing_optin_proof, self.contact.marketing_refuse_email), ("newest", True))

    def test_the_sum_qualifies(self):
        lead = self._make_lead()
        lead._add_score(60, "test")
        self.contact._add_score(50, "test")
        self.assertFalse(self.contact.marketing_qualified)
        lead.partner_id = self.contact
        self.assertTrue(self.contact.marketing_qualified)

    def test_merged_leads_hand_over_to_the_contact_of_either(self):
        for with_contact in (0, 1):
            with self.subTest(with_contact=with_contact):
                contact = self._make_contact("C", marketing_optin=False)
                leads = self._make_lead("one", probability=90) + self._make_lead("two", probability=10)
                leads[0].write(self._agreed(-5, "older"))
                leads[1].write({"marketing_refuse_sms": True, **self._agreed(-1, "newer")})
                leads[with_contact].partner_id = contact
                (leads[1 - with_contact])._add_score(30, "test")
                contact._add_score(12, "test")
                survivor = leads.merge_opportunity()
                self.assertEqual((survivor.partner_id, survivor.marketing_score), (contact, 42))
                for record in (survivor, contact):
                    self.assertEqual((record.marketing_optin_proof, record.marketing_refuse_sms), ("newer", True))

    def test_merged_contacts_keep_the_newest_proof_and_every_opt_out(self):
        self.contact.write(self._agreed(-5, "older"))
        double = self._make_contact("Double", marketing_refuse_all=True, **self._agreed(-1, "newer"))
        self.env["base.partner.merge.automatic.wizard"]._merge((self.contact + double).ids, self.contact)
        self.assertEqual((self.contact.marketing_optin_proof, self.contact.marketing_refuse_all), ("newer", True))
        self.assertEqual(self.contact.marketing_optin_date, MONDAY - timedelta(days=1))

    def test_each_record_of_one_person_in_a_batch_counts(self):
        leads = self._make_lead("one", partner_id=self.contact.id) + self._make_lead("two", partner_id=self.contact.id)
        leads._add_score(10, "test")
        self.assertEqual(self.contact.marketing_score, 20)
        self.assertEqual(self.contact.marketing_score_line_ids.mapped("points"), [10, 10])
        leads._reset_score("test")
        self.assertEqual(self.contact.marketing_score, 0)
        self.assertEqual(sum(self.contact.marketing_score_line_ids.mapped("points")), 0)
        self.assertEqual(len(self.contact.marketing_score_line_ids), 3, "a reset is one change")

    def test_a_threshold_passed_by_two_records_in_one_batch_is_passed(self):
        leads = self._make_lead("one", partner_id=self.contact.id) + self._make_lead("two", partner_id=self.contact.id)
        leads._add_score(50, "test")
        self.assertTrue(self.contact.marketing_qualified)
