from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestEventPartner(AutomatismCase):
    """Contacts and accounts: status, tags, score, messages (S14)."""

    def test_account_status_from_to(self):
        prospect = self.env.ref("marketing_scenario.account_status_prospect")
        customer = self.env.ref("marketing_scenario.account_status_customer")
        any_change = self._make_automatism("account_status", {"kind": "score", "score_points": 1})
        becomes = self._make_automatism(
            "account_status", account_status_from_id=prospect.id, account_status_to_id=customer.id
        )
        account = self._make_contact("ACME", is_company=True, account_status_id=prospect.id)
        self.process()
        self.assertEqual((any_change.fired_count, becomes.fired_count), (1, 0))
        account.account_status_id = customer
        account.account_status_id = customer
        self.process()
        self.assertEqual((any_change.fired_count, becomes.fired_count), (2, 1))
        self.assertTrue(self.inside(account))

    def test_tag_of_a_lead_does_not_count_as_contact_tag(self):
        automatism = self._make_automatism("tag_added")
        self._make_lead()._marketing_tag(self.lead_tag, "add")
        self.contact._marketing_tag(self.tag, "add")
        self.contact._marketing_tag(self.tag, "add")
        self.process()
        self.assertEqual(automatism.fired_count, 1)

    def test_a_tag_that_nobody_listens_to_is_not_noted(self):
        other, third = self.env["res.partner.category"].create([{"name": "Other"}, {"name": "Third"}])
        automatism = self._make_automatism("tag_added", tag_id=self.tag.id)
        self.contact._marketing_tag(other, "add")
        self.contact.category_id = [(4, third.id)]
        self.assertFalse(self.events())
        self.contact.category_id = [(3, third.id)]
        automatism.tag_id = third
        self.contact.category_id = [(4, third.id)]
        self.contact._marketing_tag(self.tag, "add")
        self.assertEqual(self.events().mapped("payload"), [{"tag_ids": third.ids}])
        automatism.tag_id = False
        self.contact.category_id = [(3, other.id)]
        self.contact._marketing_tag(other, "add")
        self.assertEqual(len(self.events()), 2)

    def test_a_condition_that_waits_hears_every_tag(self):
        self._make_automatism("tag_added", tag_id=self.tag.id)
        other = self.env["res.partner.category"].create({"name": "Other"})
        rule = {"kind": "tag", "tag_id": other.id}
        waits = self._make_scenario(("if", {"if_wait_days": 1, "rule_ids": [(0, 0, rule)]}, "yes"), name="Waits")
        waits._set_state("active")
        self.contact._marketing_tag(other, "add")
        self.assertEqual(self.events().mapped("payload"), [{"tag_ids": other.ids}])

    def test_score_crossed_upward_only(self):
        automatism = self._make_automatism("score_reached", {"kind": "tag_add", "tag_id": self.tag.id}, score_value=50)
        for points, fired in ((49, 0), (1, 1), (10, 1), (-40, 1), (100, 2)):
            self.contact._add_score(points, "test")
            self.process()
            self.assertEqual(automatism.fired_count, fired, points)
        self.contact._reset_score("test")
        self.process()
        self.assertEqual(automatism.fired_count, 2)

    def test_score_of_a_lead_is_its_contacts(self):
        automatism = self._make_automatism(
            "score_reached", {"kind": "enroll", "scenario_id": self.scenario.id, "apply_to": "leads"}, score_value=10
        )
        lead = self._make_lead(partner_id=self.contact.id)
        lead._add_score(10, "test")
        self.process()
        self.assertEqual(automatism.fired_count, 1)
        self.assertEqual((self.inside(lead), self.inside(self.contact)), (True, False))

    def test_messages_of_a_scenario_step_and_link(self):
        step = self.scenario.start_step_id
        note = self.env["marketing.automatism.event"]._note
        any_click = self._make_automatism("link_clicked", {"kind": "score", "score_points": 1})
        of_link = self._make_automatism("link_clicked", {"kind": "score", "score_points": 1}, message_url="/offer")
        of_scenario = self._make_automatism("link_clicked", message_scenario_id=self.scenario.id)
        note("link_clicked", self.contact, {"step_id": step.id, "url": "https://x.example.com/offer?a=1"})
        note("link_clicked", self.contact, {"step_id": 0, "url": "https://x.example.com/"})
        self.process()
        self.assertEqual([a.fired_count for a in (any_click, of_link, of_scenario)], [2, 1, 1])

    def test_unsubscribed_bounced_replied(self):
        kinds = ("unsubscribed", "mail_bounced", "mail_replied", "mail_opened")
        automatisms = [self._make_automatism(kind, {"kind": "score", "score_points": 1}) for kind in kinds]
        for kind in kinds:
            self.env["marketing.automatism.event"]._note(kind, self.contact, {"step_id": 1})
        self.process()
        self.assertEqual([automatism.fired_count for automatism in automatisms], [1, 1, 1, 1])
