from odoo.tests import tagged

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestMailingLists(ScenarioCase):
    """Odoo's mailing lists are something that filters can ask for (S15)."""

    def setUp(self):
        super().setUp()
        lists = self.env["mailing.list"].create([{"name": "Readers"}, {"name": "Buyers"}])
        self.readers, self.buyers = lists
        self.lead = self._make_lead(email_from="Lea Again <LEA@example.com>")
        self.gone = self._make_contact("Gone", "gone@example.com")
        self.stranger = self._make_contact("Stranger", "stranger@example.com")
        contacts = self.env["mailing.contact"].create(
            [
                {"email": "Léa <lea@example.com>", "list_ids": self.readers.ids},
                {"email": "gone@example.com", "list_ids": self.readers.ids},
                {"email": "nobody@example.com", "list_ids": self.buyers.ids},
            ]
        )
        contacts[1].subscription_ids.opt_out = True

    def _found(self, operator, value, model="res.partner"):
        ours = (self.contact + self.gone + self.stranger).ids if model == "res.partner" else self.lead.ids
        return self.env[model].search([("marketing_mailing_list_ids", operator, value), ("id", "in", ours)])

    def test_who_is_on_a_list(self):
        self.assertEqual(self._found("in", self.readers.ids), self.contact)
        self.assertEqual(self._found("ilike", "Read"), self.contact)
        self.assertEqual(self._found("in", self.readers.ids, "crm.lead"), self.lead)
        self.assertFalse(self._found("in", self.buyers.ids))
        self.assertEqual(self._found("not in", self.readers.ids), self.gone + self.stranger)
        self.assertEqual(self._found("!=", False), self.contact)
        self.assertEqual(self._found("=", False), self.gone + self.stranger)

    def test_the_lists_of_a_record(self):
        self.assertEqual(self.contact.marketing_mailing_list_ids, self.readers)
        self.assertFalse((self.gone + self.stranger).marketing_mailing_list_ids)

    def test_a_query_brings_in_who_joins_a_list(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        query = self.env["marketing.scenario.query"].create(
            {
                "name": "Readers",
                "scenario_id": scenario.id,
                "model_name": "res.partner",
                "domain": f"[('marketing_mailing_list_ids', 'in', {self.readers.ids})]",
                "enter_existing": True,
            }
        )
        query.action_run()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.contact)
        joined = self.env["mailing.contact"].search([("email_normalized", "=", "nobody@example.com")])
        joined.write({"email": self.stranger.email, "list_ids": [(4, self.readers.id)]})
        query.action_run()
        self.assertEqual(scenario.enrollment_ids.partner_id, self.contact + self.stranger)
