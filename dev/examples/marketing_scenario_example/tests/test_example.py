from odoo.tests import tagged

from odoo.addons.marketing_scenario.tests.automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestExample(AutomatismCase):
    """A step type, a rule kind, an event and an action of another addon, as DEVELOP.md tells to add them."""

    def test_a_step_type_and_a_rule_kind(self):
        scenario = self._make_scenario(
            (
                "if",
                {"rule_ids": [(0, 0, {"kind": "zip", "zip_begins": "75"})]},
                "Paris?",
                {"yes": [("note", {"note_text": "Lives <in> Paris"}, "note")]},
            ),
        )
        paris = self._make_contact("Paris", "paris@example.com", zip="75011")
        lyon = self._make_contact("Lyon", "lyon@example.com", zip="69002")
        enrollments = self._enroll(scenario, paris + lyon)
        self.run_due()
        self.assertJourney(enrollments[0], "Paris?:yes", "note:next", "End:end")
        self.assertJourney(enrollments[1], "Paris?:no", "End:end")
        self.assertIn("Lives &lt;in&gt; Paris", paris.message_ids[0].body)
        self.assertNotIn("Lives", "".join(lyon.message_ids.mapped("body")))

    def test_the_editor_knows_them(self):
        self.assertIn("note", [entry["type"] for entry in self.env["marketing.scenario.step"].palette()])
        scenario = self._make_scenario(("note", {}, "note"), active=False)
        self.assertEqual([issue["code"] for issue in scenario.check()], ["no_text"])
        action = self._step(scenario, "note").action_configure()
        arch = self.env["marketing.scenario.step"].get_view(action["view_id"], "form")["arch"]
        self.assertIn("note_text", arch)

    def test_an_event_and_an_action(self):
        seller = self.env["res.users"].create({"name": "Sonia", "login": "sonia_example"})
        self.contact.user_id = seller
        automatism = self._make_automatism("meeting_planned", {"kind": "follow"}, {"kind": "score", "score_points": 5})
        self.assertEqual(
            automatism.sentence,
            "When a meeting is planned, then let the salesperson follow and add 5 to the score.",
        )
        self.env["calendar.event"].create(
            {
                "name": "Demo",
                "start": self.now,
                "stop": self.now,
                "partner_ids": [(6, 0, (self.contact + self.env.user.partner_id).ids)],
            }
        )
        self.process()
        self.assertIn(seller.partner_id, self.contact.message_partner_ids)
        self.assertEqual(self.contact.marketing_score, 5)
        self.assertEqual(automatism.log_ids.mapped("res_id"), self.contact.ids)
