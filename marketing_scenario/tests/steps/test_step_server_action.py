from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase


@tagged("post_install", "-at_install")
class TestStepServerAction(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_action, cls.lead_action = (
            cls.env["ir.actions.server"].create(
                {
                    "name": f"Comment {model}",
                    "model_id": cls.env["ir.model"]._get_id(model),
                    "state": "code",
                    "code": f"for record in records:\n    record.write({{'{field}': str(len(records))}})",
                }
            )
            for model, field in (("res.partner", "function"), ("crm.lead", "function"))
        )

    def _scenario(self, **vals):
        actions = {"server_action_partner_id": self.partner_action.id, "server_action_lead_id": self.lead_action.id}
        return self._scenario_of("server_action", {**actions, **vals})

    def test_contact_account_and_lead_in_one_call_each(self):
        self._walk(self._scenario())
        self.assertEqual([record.function for record in (self.contact, self.account, self.lead)], ["2", "2", "1"])

    def test_nothing_set_for_this_kind(self):
        self.assertSkipped(self._walk(self._scenario(server_action_lead_id=False), self.lead), "not_for_kind")

    def test_an_error_stops_only_its_record(self):
        self.partner_action.code = (
            "if any(r.name == 'Bad' for r in records): raise UserError('broken')\nrecords.write({'function': 'ok'})"
        )
        bad = self._make_contact("Bad")
        scenario = self._scenario()
        good_run, bad_run = self._walk(scenario, self.contact, bad)
        self.assertEqual((good_run.state, self.contact.function), ("done", "ok"))
        self.assertEqual((bad_run.state, bad_run.attempts), ("running", 1))
        self.assertIn("broken", bad_run.error_message)

    def test_check(self):
        none = {"server_action_partner_id": False, "server_action_lead_id": False}
        self.assertEqual(self._issue_codes(self._scenario(**none)), ["no_action"])
        self.assertEqual(self._issue_codes(self._scenario()), [])
        wrong = self._scenario(server_action_lead_id=self.partner_action.id)
        self.assertEqual(self._issue_codes(wrong), ["wrong_model"])

    def test_only_administrators_choose(self):
        manager = new_test_user(self.env, "no.admin", groups="marketing_scenario.group_scenario_manager")
        unused = self.partner_action.copy()
        step = self._step(self._scenario(), "step").with_user(manager)
        with self.assertRaises(AccessError):
            step.server_action_partner_id = unused.id
        self.assertTrue(step.scenario_id.copy(), "copying what an administrator chose is fine")
        self.assertEqual(step.summary, "Comment res.partner / Comment crm.lead")

    def test_budget(self):
        self.partner_action.code = "records.write({'function': 'x'})"
        self.assertBudget(self._scenario(), constant=40)
