"""Goals in the test of variants and in the comparison with the control group (S57, S58)."""

from odoo.fields import Command
from odoo.tests import tagged

from ..step_case import StepCase

LINK = '<p>Hello</p><a href="https://shop.example.com/offer">Buy</a>'
WON = {"kind": "opportunity", "opportunity_result": "won"}


@tagged("post_install", "-at_install")
class TestGoalTrials(StepCase):
    def _people(self, count):
        return self.env["res.partner"].create(
            [{"name": f"G{i}", "email": f"g{i}@goal.example.com", "marketing_optin": True} for i in range(count)]
        )

    def _goal(self, scenario):
        self.env["marketing.scenario.goal"].create(
            {"name": "Deal", "scenario_id": scenario.id, "rule_ids": [Command.create(WON)]}
        )

    def _win(self, partners):
        deals = self.env["crm.lead"].create(
            [{"name": "Deal", "type": "opportunity", "partner_id": partner.id} for partner in partners]
        )
        deals.action_set_won()
        self.env["marketing.automatism.event"]._process()

    def test_goals_tell_which_version_is_better(self):
        variant = Command.create({"name": "B", "share": 50, "email_subject": "Bold"})
        settings = {"email_subject": "Plain", "email_body_html": LINK, "variant_ids": [variant]}
        scenario = self._scenario_of("email", {**settings, "trial_measure": "goals"})
        self._goal(scenario)
        step = self._step(scenario, "step")
        people = self._people(30)
        self._enroll(scenario, people)
        self.run_due()
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", scenario.enrollment_ids.ids)])
        traces.write({"sent_datetime": self.now, "trace_status": "sent"})
        got = {
            variant.name: group.mapped("res_id") for variant, group in traces.grouped("marketing_variant_id").items()
        }
        self.forward(days=1)
        self._win(people.browse(got["B"][:4] + got[False][:1]))
        self.forward(days=1)
        original, bold = step._trial_figures()
        self.assertEqual((original["goals"], bold["goals"]), (1, 4))
        self.assertIn("Goals reached", str(step.trial_report))

    def test_a_person_reaches_a_goal_once_in_a_test(self):
        """Contact and lead of one person reach it in two runs."""
        variant = Command.create({"name": "B", "share": 50, "email_subject": "Bold"})
        settings = {"email_subject": "Plain", "email_body_html": LINK, "variant_ids": [variant]}
        scenario = self._scenario_of("email", {**settings, "trial_measure": "goals"}, reentry="finished")
        self._goal(scenario)
        values = {"type": "opportunity", "partner_id": self.contact.id, "email_from": self.contact.email}
        for record in (self.contact, self._make_lead("Again", **values)):
            run = self._walk(scenario, record)
            traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
            traces.write({"sent_datetime": self.now, "trace_status": "sent"})
            self.forward(days=1)
            deal = record if record._name == "crm.lead" else self._make_lead("Deal", **values)
            deal.action_set_won()
            self.env["marketing.automatism.event"]._process()
            self.forward(days=1)
        self.assertEqual(len(scenario.enrollment_ids.filtered("conversion_ids")), 2)
        figures = self._step(scenario, "step")._trial_figures()
        self.assertEqual([sum(version[name] for version in figures) for name in ("sent", "goals")], [1, 1])

    def test_what_the_control_group_did_without_the_scenario(self):
        scenario = self._scenario_of("pause", {"pause_days": 30}, control_percent=50)
        self._goal(scenario)
        people = self._people(40)
        runs, _rejected = scenario._enroll(people, "hand")
        self.run_due()
        held = runs.filtered(lambda run: run.state == "control").partner_id
        walking = people - held
        self.forward(days=2)
        self._win(walking[:5] | held[:2])
        scenario._count_control()
        figures = scenario.control_figures
        self.assertEqual((figures["walked"]["goal"], figures["held"]["goal"]), (5, 2))
        self.assertIn("Reached a goal", str(scenario.control_report))

    def test_what_held_at_entry_is_no_success_of_either_group(self):
        scenario = self._scenario_of("pause", {"pause_days": 30}, control_percent=50)
        self._goal(scenario)
        people = self._people(20)
        self.env["marketing.scenario.goal"].search(
            [("scenario_id", "=", scenario.id)]
        ).rule_ids.opportunity_since = "ever"
        self._win(people)
        scenario._enroll(people, "hand")
        self.run_due()
        self.env["marketing.automatism.event"]._process()
        scenario._count_control()
        figures = scenario.control_figures
        self.assertEqual((figures["walked"]["goal"], figures["held"]["goal"]), (0, 0))
        self.assertEqual(len(scenario.enrollment_ids.conversion_ids), 20, "noted as early")
