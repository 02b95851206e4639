"""Two records of one person entering in two real transactions at the same moment: one run (S51)."""

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..committed_case import CommittedCase


@tagged("-at_install", "post_install")
class TestPersonRace(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.contact_id = env["res.partner"].create({"name": "Race", "email": "race@example.com"}).id
            self.lead_id = env["crm.lead"].create({"name": "Race", "partner_id": self.contact_id}).id
            scenario = env["marketing.scenario"].create({"name": "Race", "company_id": False})
            pause = {"scenario_id": scenario.id, "step_type": "pause", "name": "wait", "pause_days": 1}
            env["marketing.scenario.step"].create({**pause, "parent_id": scenario.start_step_id.id, "outcome": "next"})
            scenario.action_add_missing_ends()
            scenario.action_activate()
            self.scenario_id = scenario.id
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["crm.lead"].browse(self.lead_id).unlink()
            env["res.partner"].browse(self.contact_id).unlink()
            scenario = env["marketing.scenario"].browse(self.scenario_id)
            scenario.action_deactivate()
            scenario.unlink()

    def enroll(self, cr, model, record_id):
        env = self.environment(cr)
        return env["marketing.scenario"].browse(self.scenario_id)._enroll(env[model].browse(record_id), "api")

    def test_contact_and_lead_of_one_person(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")  # its snapshot is older than the entry of the contact
            entered, _rejected = self.enroll(one, "res.partner", self.contact_id)
            self.assertEqual(len(entered), 1)
            one.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):  # Odoo tries again
                self.enroll(two, "crm.lead", self.lead_id)
            two.rollback()
            self.assertEqual(self.enroll(two, "crm.lead", self.lead_id)[1], {self.lead_id: "already_inside"})
