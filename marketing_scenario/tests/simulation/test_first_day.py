"""Before an activation, one line says what it does at once (S7, S40, S55)."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...models.simulation import first_day
from ..common import ScenarioCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestFirstDay(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.group = cls.env["res.partner.category"].create({"name": "First day"})
        people = cls._make_contact("With", "with@first.example.com") | cls._make_contact("Without")
        people |= cls._make_contact("Never", "never@first.example.com", marketing_optin=False)
        people.category_id = cls.group

    def _query(self, scenario):
        domain = f"[('category_id', 'in', {self.group.ids})]"
        self.env["marketing.scenario.query"].create({"name": "All", "scenario_id": scenario.id, "domain": domain})

    def test_whom_a_query_finds(self):
        scenario = self._make_scenario(("email", MAIL, "mail"), active=False)
        self.assertIn("Nobody enters on their own", scenario.forecast_first_day())
        self._query(scenario)
        told = scenario.forecast_first_day()
        self.assertIn("1 people would get a message within a day", told)
        self.assertIn("1 no opt-in", told)
        self.assertIn("1 no email address", told)
        self.assertFalse(scenario.enrollment_ids)
        self.assertEqual(scenario.state, "draft")

    def test_a_sample_speaks_for_all(self):
        """Of many only some walk: what is told of them is told for all, as a number that is reckoned."""
        known = self.env["res.partner"].search([("category_id", "in", self.group.ids)])
        everybody = [self._make_contact(f"With {number}", f"with{number}@first.example.com") for number in range(3)]
        known.category_id = False
        self.env["res.partner"].concat(*everybody).category_id = self.group
        scenario = self._make_scenario(("email", MAIL, "mail"), active=False)
        self._query(scenario)
        walked = []
        usual = type(scenario)._walk_crowd

        def walk(scenario, records, *args):
            walked.extend(records)
            return usual(scenario, records, *args)

        with patch.object(first_day, "SAMPLE", 2), patch.object(type(scenario), "_walk_crowd", walk):
            self.assertEqual(scenario.forecast_first_day(), "≈ 3 people would get a message within a day.")
            self.assertEqual(len(walked), 2)
            # of whatever two: each stands for one and a half
            self.env["res.partner"].concat(*everybody).marketing_optin = False
            self.assertEqual(
                scenario.forecast_first_day(),
                "≈ 0 people would get a message within a day; ≈ 3 not: ≈ 3 no opt-in.",
            )
        self.assertEqual(
            scenario.forecast_first_day(), "0 people would get a message within a day; 3 not: 3 no opt-in."
        )

    def test_a_sample_of_those_who_are_late_speaks_for_all(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), ("email", MAIL, "mail"))
        for number in range(5):
            self._enroll(scenario, self._make_contact(f"Late {number}", f"late{number}@first.example.com"))
        self.run_due()
        scenario.action_deactivate()
        self.forward(days=3, run=False)
        with patch.object(first_day, "SAMPLE", 2):
            self.assertEqual(scenario.forecast_overdue(), "≈ 5 of them would get a message now.")
        self.assertEqual(scenario.forecast_overdue(), "5 of them would get a message now.")

    def test_a_message_after_a_longer_wait_is_not_counted(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2}, "wait"), ("email", MAIL, "mail"), active=False)
        self._query(scenario)
        self.assertTrue(scenario.forecast_first_day().startswith("0 people"))

    def test_those_who_wait_since_a_deactivation(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), ("email", MAIL, "mail"))
        run = self._enroll(scenario, self.contact)
        self._enroll(scenario, self._make_contact("No address"))
        self.run_due()
        scenario.action_deactivate()
        self.forward(days=3, run=False)
        self.assertEqual(scenario.forecast_overdue(), "1 of them would get a message now.")
        self.assertIn("1 people would get a message", scenario.forecast_first_day())
        self.assertEqual((run.step_id.name, scenario.state), ("wait", "inactive"))

    def test_a_draft_of_changes_tells_of_its_own_tree(self):
        scenario = self._make_scenario(("pause", {"pause_days": 2}, "wait"))
        self._query(scenario)
        draft = self.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
        self.assertTrue(draft.forecast_first_day().startswith("0 people"))
        new = draft.canvas_add("email", draft.start_step_id.id, "next")["selected"]
        self.env["marketing.scenario.step"].browse(new).write(MAIL)
        self.assertTrue(draft.forecast_first_day().startswith("1 people"))

    def test_only_who_may_change_the_scenario_asks(self):
        scenario = self._make_scenario(("email", MAIL, "mail"))
        user = new_test_user(self.env, "first_day", groups="marketing_scenario.group_scenario_user")
        for method in ("forecast_first_day", "forecast_overdue"):
            with self.assertRaises(AccessError):
                getattr(scenario.with_user(user), method)()
