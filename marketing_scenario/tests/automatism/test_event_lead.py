from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestEventLead(AutomatismCase):
    """Leads: created, stage, won, lost, tag, assigned (S14); activities."""

    def fired(self, automatism):
        self.process()
        return automatism.fired_count

    def test_created_of_a_type(self):
        automatism = self._make_automatism("lead_created", lead_type="opportunity")
        lead, opportunity = self._make_lead("L"), self._make_lead("O", type="opportunity")
        self.assertEqual(self.fired(automatism), 1)
        self.assertEqual((self.inside(lead), self.inside(opportunity)), (False, True))

    def test_stage_reached_and_from_to(self):
        one, two = self.stages
        reached = self._make_automatism("lead_stage", lead_stage_to_id=two.id)
        moved = self._make_automatism(
            "lead_stage", {"kind": "score", "score_points": 1}, lead_stage_from_id=one.id, lead_stage_to_id=two.id
        )
        lead = self._make_lead(stage_id=one.id)
        born_there = self._make_lead(stage_id=two.id)
        (lead + born_there).stage_id = two
        self.process()
        self.assertEqual((reached.fired_count, moved.fired_count), (2, 1))
        self.assertTrue(self.inside(lead) and self.inside(born_there))
        lead.write({"stage_id": two.id})
        self.assertFalse(self.events(), "an unchanged value is no event")

    def test_won_and_lost(self):
        won = self._make_automatism("lead_won")
        lost = self._make_automatism("lead_lost", {"kind": "score", "score_points": 1})
        first, second, third = (self._make_lead(str(number)) for number in range(3))
        first.action_set_won()
        second.action_set_lost()
        third.write({"probability": 30})
        self.process()
        self.assertEqual((won.fired_count, lost.fired_count), (1, 1))
        self.assertTrue(self.inside(first))

    def test_a_lost_lead_is_sent_in_and_stays(self):
        self._make_automatism("lead_lost")
        lead = self._make_lead()
        lead.action_set_lost()
        self.process()
        self.assertTrue(self.inside(lead))
        self.assertFalse(self.scenario.refusal_ids)
        self.run_due()
        self.forward(days=1)
        self.assertEqual(lead.marketing_enrollment_ids.end_reason, "end_step", "it walks to the end")

    def test_created_won(self):
        won = self._make_automatism("lead_won")
        self._make_lead(stage_id=self.won_stage.id, probability=100)
        self.assertEqual(self.fired(won), 1)

    def test_tag_by_form_and_by_scenario(self):
        automatism = self._make_automatism(
            "lead_tag_added", {"kind": "score", "score_points": 1}, lead_tag_id=self.lead_tag.id
        )
        other = self.env["crm.tag"].create({"name": "Cold"})
        born = self._make_lead("born", tag_ids=[(4, self.lead_tag.id), (4, other.id)])
        lead = self._make_lead("later", tag_ids=other.ids)
        self.assertEqual(self.fired(automatism), 1)
        lead.tag_ids += self.lead_tag
        (born + lead)._marketing_tag(self.lead_tag, "add")
        self.assertEqual(self.fired(automatism), 2)
        lead._marketing_tag(self.lead_tag, "remove")
        lead._marketing_tag(self.lead_tag, "add")
        self.assertEqual(self.fired(automatism), 3)

    def test_assigned(self):
        user = self.env.ref("base.user_admin")
        automatism = self._make_automatism("lead_assigned", lead_user_id=user.id)
        lead = self._make_lead(user_id=False)
        self.assertEqual(self.fired(automatism), 0)
        lead.user_id = user
        lead.user_id = user
        self.assertEqual(self.fired(automatism), 1)

    def test_activity_created_and_done(self):
        call, todo = self.env.ref("mail.mail_activity_data_call"), self.env.ref("mail.mail_activity_data_todo")
        created = self._make_automatism(
            "activity_created", {"kind": "score", "score_points": 1}, activity_type_id=call.id
        )
        done = self._make_automatism("activity_done", activity_type_id=call.id)
        lead = self._make_lead()
        for kind in (call, todo):
            lead.activity_schedule(activity_type_id=kind.id, user_id=self.env.user.id)
        self.process()
        self.assertEqual((created.fired_count, done.fired_count), (1, 0))
        lead.activity_ids.action_feedback(feedback="spoke")
        self.process()
        self.assertEqual((created.fired_count, done.fired_count), (1, 1))
        self.assertTrue(self.inside(lead))

    def test_salesperson_without_manager_right(self):
        user = self.env["res.users"].create(
            {
                "name": "Sales",
                "login": "sales_event",
                "group_ids": [(6, 0, self.env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        self._make_automatism("lead_stage", lead_stage_to_id=self.stages[1].id)
        lead = (
            self.env["crm.lead"].with_user(user).create({"name": "Mine", "type": "lead", "stage_id": self.stages[0].id})
        )
        lead.stage_id = self.stages[1].id
        self.env["marketing.automatism.event"].with_user(user)._process()
        self.assertTrue(self.inside(lead.sudo()))

    def test_imported_together(self):
        automatism = self._make_automatism("lead_created")
        self.env["crm.lead"].create([{"name": f"L{number}", "type": "lead"} for number in range(300)])
        self.assertEqual(len(self.events()), 300)
        self.assertLess(self.statements(self.process), 60)
        self.assertEqual(automatism.fired_count, 300)
        self.assertEqual(len(self.scenario.enrollment_ids), 300)
