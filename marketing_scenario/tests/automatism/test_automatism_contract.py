from odoo.fields import Domain
from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestAutomatismContract(AutomatismCase):
    """Each event kind and each action kind has all that its model asks of it."""

    def test_every_event_kind_is_whole(self):
        for kind, label in self.env["marketing.automatism"]._fields["event_type"]._description_selection(self.env):
            with self.subTest(kind=kind):
                automatism = self._make_automatism(kind)
                facts = automatism._describe_event()
                self.assertTrue(facts["sentence"] and label)
                self.assertNotIn("label", facts, "said once, in the selection")
                self.assertTrue(automatism.sentence)
                self.assertFalse(any(facts.get("about", {}).values()), "without parameters it listens to all")
                for model in facts["models"]:
                    Domain(getattr(automatism, f"_happened_{kind}")(model)).validate(self.env[model])
                self.assertTrue(automatism.action_test()["res_id"])

    def test_every_event_kind_can_be_noted_and_processed(self):
        kinds = [
            kind
            for kind, _label in self.env["marketing.automatism"]._fields["event_type"]._description_selection(self.env)
        ]
        lead = self._make_lead()
        for kind in kinds:
            automatism = self._make_automatism(kind, {"kind": "score", "score_points": 1})
            records = lead if "crm.lead" in automatism._describe_event()["models"] else self.contact
            self.env["marketing.automatism.event"]._note(kind, records, {})
            self.process()
            self.assertFalse(automatism.last_error, kind)

    def test_every_action_kind_is_whole(self):
        status = self.env.ref("marketing_scenario.account_status_partner")
        settings = {
            "scenario_id": self.scenario.id,
            "tag_id": self.tag.id,
            "tag_lead_id": self.lead_tag.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
            "account_status_id": status.id,
            "assign_user_id": self.env.user.id,
        }
        lead = self._make_lead(partner_id=self.contact.id)
        kinds = [kind for kind, _label in self.env["marketing.automatism.action"]._fields["kind"].selection]
        for kind in kinds:
            with self.subTest(kind=kind):
                automatism = self._make_automatism("mail_opened", {"kind": kind, **settings})
                self.assertTrue(automatism.action_ids.summary)
                automatism.action_ids._run(self.contact)
                automatism.action_ids._run(lead)
