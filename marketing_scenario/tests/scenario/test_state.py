"""The state of a scenario is set by its actions; a company that goes stops or keeps its scenarios (S7, S40)."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestState(ScenarioCase):
    def test_nothing_runs_unchecked(self):
        scenario = self._make_scenario(("pause", {}, "empty"), active=False)
        for forged in ({}, {"marketing_by_action": True}):
            with self.assertRaisesRegex(UserError, "Activate"):
                scenario.with_context(**forged).write({"state": "active"})
            with self.assertRaisesRegex(UserError, "Activate"):
                self.env["marketing.scenario"].with_context(**forged).create({"name": "Born active", "state": "active"})
        self.assertEqual(scenario.state, "draft")
        scenario.write({"state": "draft", "name": "Same state"})

    def test_a_company_with_scenarios_is_not_deleted(self):
        company = self.env["res.company"].create({"name": "Going"})
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "p"), company_id=company.id)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env.cr.execute("DELETE FROM res_company WHERE id = %s", [company.id])
        self.assertEqual(scenario.company_id, company)

    def test_an_archived_company_stops_its_scenarios(self):
        company = self.env["res.company"].create({"name": "Going"})
        own = self._make_scenario(("pause", {"pause_days": 1}, "p"), company_id=company.id)
        other = self._make_scenario(("pause", {"pause_days": 1}, "p"))
        company.active = False
        self.assertEqual((own.state, other.state), ("inactive", "active"))

    def test_a_running_row_has_a_next_moment(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "p"))
        values = {"scenario_id": scenario.id, "partner_id": self.contact.id, "target_kind": "contact"}
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["marketing.scenario.enrollment"].create(values)
