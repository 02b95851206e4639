"""Two records of one person entering in two real transactions at the same moment: one run (S51)."""

from psycopg2.errors import SerializationFailure

from odoo.exceptions import ConcurrencyError
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
            scenario = self.made(env, "Race", ("pause", "wait", {"pause_days": 1}), company_id=False)
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

    def known_elsewhere(self):
        """Another contact with a run in the scenario, of whom nobody has said yet that they are this person."""
        with self.registry.cursor() as cr:
            twin = self.environment(cr)["res.partner"].create({"name": "Race", "email": "elsewhere@example.com"})
            self.enroll(cr, "res.partner", twin.id)
        self.addCleanup(self.forget, twin.id)
        return twin.id

    def forget(self, partner_id):
        with self.registry.cursor() as cr:
            self.environment(cr)["res.partner"].browse(partner_id).exists().unlink()

    def states(self, cr):
        scenario = self.environment(cr)["marketing.scenario"].browse(self.scenario_id)
        return sorted((run.person_key, run.state, run.end_reason or "") for run in scenario.enrollment_ids)

    ONE_GOES_ON = [("email:race@example.com", "running", ""), ("email:race@example.com", "stopped", "same_person")]

    def test_an_address_corrected_while_its_person_enters(self):
        """Whoever corrects it is not told of an error: Odoo runs the request again, on fresh data (S14)."""
        twin_id = self.known_elsewhere()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")  # its snapshot is older than the entry
            self.enroll(one, "res.partner", self.contact_id)
            one.commit()
            twin = self.environment(two)["res.partner"].browse(twin_id)
            with self.assertRaises(ConcurrencyError):
                twin.email = "race@example.com"
                twin.flush_recordset()
            two.rollback()
            twin.email = "race@example.com"
            two.commit()
            self.assertEqual(self.states(two), self.ONE_GOES_ON)

    def test_the_night_meets_an_entry(self):
        """The job that says anew whose the runs are begins again, instead of waiting for the next night."""
        twin_id = self.known_elsewhere()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            query = "UPDATE res_partner SET email = %(a)s, email_normalized = %(a)s WHERE id = %(id)s"
            one.execute(query, {"a": "race@example.com", "id": twin_id})
            one.commit()
            two.execute("SELECT 1")  # its snapshot is older than the entry
            self.enroll(one, "res.partner", self.contact_id)
            one.commit()
            self.environment(two)["marketing.scenario.enrollment"]._gc_persons()
            two.commit()
            self.assertEqual(self.states(two), self.ONE_GOES_ON)

    def test_the_night_meets_somebody_who_moves_a_run(self):
        twin_id = self.known_elsewhere()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            query = "UPDATE res_partner SET email = %(a)s, email_normalized = %(a)s WHERE id = %(id)s"
            one.execute(query, {"a": "corrected@example.com", "id": twin_id})
            one.commit()
            two.execute("SELECT 1")  # its snapshot is older than the change
            runs = self.environment(one)["marketing.scenario.enrollment"]
            runs.search([("partner_id", "=", twin_id)]).action_pause()
            one.commit()
            self.environment(two)["marketing.scenario.enrollment"]._gc_persons()
            two.commit()
            self.assertEqual(self.states(two), [("email:corrected@example.com", "paused", "")])

    def test_a_merge_while_the_survivor_enters(self):
        twin_id = self.known_elsewhere()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")  # its snapshot is older than the entry
            self.enroll(one, "res.partner", self.contact_id)
            one.commit()
            twins = self.environment(two)["res.partner"].browse([twin_id, self.contact_id])
            merge = self.environment(two)["base.partner.merge.automatic.wizard"].create({})._merge
            with self.assertRaises(ConcurrencyError):
                merge(twins.ids, twins[1])
            two.rollback()
            merge(twins.ids, twins[1])
            two.commit()
            self.assertEqual(
                self.states(two),
                [("email:race@example.com", "running", ""), ("email:race@example.com", "stopped", "target_merged")],
            )

    def test_somebody_is_put_back_while_they_enter_again(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            [run_id] = self.enroll(one, "res.partner", self.contact_id)[0].ids
            runs = self.environment(one)["marketing.scenario.enrollment"]
            runs.browse(run_id).action_take_out()
            self.environment(one)["marketing.scenario"].browse(self.scenario_id).reentry = "finished"
            one.commit()
            two.execute("SELECT 1")  # its snapshot is older than the entry
            self.enroll(one, "res.partner", self.contact_id)
            one.commit()
            taken_out = self.environment(two)["marketing.scenario.enrollment"].browse(run_id)
            with self.assertRaises(ConcurrencyError):
                taken_out._put_back()
            two.rollback()
            self.assertEqual(taken_out._put_back(), {run_id: "already_inside"})
