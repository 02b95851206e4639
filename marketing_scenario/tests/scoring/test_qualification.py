from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY


@tagged("post_install", "-at_install")
class TestQualification(AutomatismCase):
    """The qualification score qualifies once: flag, date, chatter, opportunity if wanted (S4)."""

    def test_lead_without_contact(self):
        lead = self._make_lead()
        lead._add_score(99, "test")
        self.assertFalse(lead.marketing_qualified)
        lead._add_score(1, "test")
        self.assertEqual((lead.marketing_qualified, lead.marketing_qualified_date), (True, MONDAY))
        self.assertIn("100", lead.message_ids[0].body)
        self.assertEqual(lead.type, "lead")
        messages = len(lead.message_ids)
        lead._reset_score("test")
        lead._add_score(200, "test")
        self.assertEqual(len(lead.message_ids), messages, "once")
        self.assertTrue(lead.marketing_qualified)

    def test_contact_and_its_open_leads(self):
        lead, opportunity = (
            self._make_lead("L", partner_id=self.contact.id),
            self._make_lead("O", partner_id=self.contact.id, type="opportunity"),
        )
        lost = self._make_lead("X", partner_id=self.contact.id)
        lost.action_set_lost()
        self.contact._add_score(150, "test")
        self.assertTrue(
            self.contact.marketing_qualified and lead.marketing_qualified and opportunity.marketing_qualified
        )
        self.assertFalse(lost.marketing_qualified)

    def test_becomes_an_opportunity_if_wanted(self):
        self.env.company.marketing_qualify_converts = True
        alone, of_contact = self._make_lead("A"), self._make_lead("B", partner_id=self.contact.id)
        run = self._enroll(self.scenario, alone)
        (alone + of_contact)._add_score(100, "test")
        self.assertEqual(set((alone + of_contact).mapped("type")), {"opportunity"})
        self.assertEqual(of_contact.partner_id, self.contact)
        self.assertEqual(run.state, "running")

    def test_threshold_of_the_company_and_none(self):
        other = self.env["res.company"].create({"name": "Other", "marketing_qualification_score": 10})
        self.env.company.marketing_qualification_score = 0
        here, there = (
            self._make_lead("here", company_id=self.env.company.id),
            self._make_lead("there", company_id=other.id, user_id=False, team_id=False),
        )
        (here + there)._add_score(50, "test")
        self.assertEqual((here.marketing_qualified, there.marketing_qualified), (False, True))

    def test_in_bulk(self):
        leads = self.env["crm.lead"].create([{"name": f"L{number}", "type": "lead"} for number in range(61)])
        one = self.statements(lambda: leads[:1]._add_score(100, "test"))
        many = self.statements(lambda: leads[1:]._add_score(100, "test"))
        self.assertTrue(all(leads.mapped("marketing_qualified")))
        self.assertLess(many - one, 60 * 0.5)

    def test_salesperson_sets_it_off(self):
        user = self.env["res.users"].create(
            {
                "name": "Sales",
                "login": "sales_qual",
                "group_ids": [(6, 0, self.env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        lead = self._make_lead(user_id=user.id)
        lead.with_user(user)._add_score(100, "test")
        self.assertTrue(lead.marketing_qualified)

    def test_a_lower_threshold_qualifies_who_has_reached_it_already(self):
        self.env.company.marketing_qualify_converts = True
        other = self.env["res.company"].create({"name": "Other", "marketing_qualification_score": 100})
        enough, few, there, lost = (
            self._make_lead("enough"),
            self._make_lead("few"),
            self._make_lead("there", company_id=other.id, user_id=False, team_id=False),
            self._make_lead("lost"),
        )
        of_contact = self._make_lead("of contact", partner_id=self.contact.id)
        (enough + there + lost)._add_score(60, "test")
        self.contact._add_score(60, "test")
        few._add_score(10, "test")
        lost.action_set_lost()
        self.env["marketing.scenario"].set_qualification_score(50)
        self.assertTrue(
            enough.marketing_qualified and self.contact.marketing_qualified and of_contact.marketing_qualified
        )
        self.assertEqual(enough.type, "opportunity")
        self.assertTrue(any("has reached 60" in body for body in enough.message_ids.mapped("body")))
        self.assertFalse(few.marketing_qualified or there.marketing_qualified or lost.marketing_qualified)
        messages = len(enough.message_ids)
        self.env["marketing.scenario"].set_qualification_score(40)
        self.assertEqual(len(enough.message_ids), messages, "once")
        self.env.company.marketing_qualification_score = 500
        self.assertTrue(enough.marketing_qualified, "a higher threshold takes nothing back")
