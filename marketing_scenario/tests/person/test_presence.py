from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from ...models.enrollment import continuity
from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestPresence(ScenarioCase):
    """Presence, re-entry and exclusivity are judged for the person, not for the record (S51)."""

    def _simple(self, **vals):
        return self._make_scenario(("pause", {"pause_days": 1}, "wait"), **vals)

    def _key(self, scenario, record):
        runs = scenario.enrollment_ids.filtered(lambda run: record in (run.partner_id, run.lead_id))
        return runs.person_key

    def test_a_lead_of_the_contact_is_rejected_and_the_rejection_names_the_run(self):
        scenario = self._simple()
        run = self._enroll(scenario, self.contact)
        lead = self._make_lead("Brochure", partner_id=self.contact.id)
        self.assertEqual(scenario._enroll(lead, "hand")[1], {lead.id: "already_inside"})
        rejection = scenario.refusal_ids
        self.assertEqual((rejection.lead_id, rejection.holder_id), (lead, run))
        self.assertEqual(rejection.holder_target, f"Contact “{self.contact.display_name}”")
        self.assertEqual(scenario._rejections(lead), {lead.id: "already_inside"})

    def test_records_with_one_address_or_number_are_one_person(self):
        same = {"email_from": "LEA@example.com "}
        number = {"phone": "+33612345678"}
        pairs = [
            (self.contact, self._make_lead("same address", **same)),
            (self.contact, self._make_contact("Léa again", "Lea Martin <lea@example.com>")),
            (self._make_lead("one", email_from="x@example.com"), self._make_lead("two", email_from="x@example.com")),
            (self._make_lead("one", **number), self._make_lead("two", **number)),
            (
                self._make_contact("By number", "n@example.com", phone="+33612000001"),
                self._make_lead(phone="+33612000001"),
            ),
            (self._make_contact("No address", phone="+33612000002"), self._make_lead(phone="+33612000002")),
            (
                self._make_contact("No address", phone="+33612000003"),
                self._make_lead(phone="+33612000003", email_from="a@example.com"),
            ),
            (
                self._make_lead(phone="+33612000004", email_from="b@example.com"),
                self._make_lead("number only", phone="+33612000004"),
            ),
        ]
        for first, second in pairs:
            with self.subTest(first=first, second=second):
                scenario = self._simple()
                self._enroll(scenario, first)
                self.assertEqual(scenario._enroll(second, "hand")[1], {second.id: "already_inside"})

    def test_two_people_stay_two(self):
        account = self._make_contact("ACME", "lea@example.com", is_company=True, phone="+33140000000")
        switchboard = {"parent_id": account.id, "phone": "+33140000000"}
        strangers = [
            (self.contact, account),
            (self._make_contact("A", **switchboard), self._make_contact("B", **switchboard)),
            (self._make_contact("A"), self._make_contact("B")),
            (self._make_lead("A"), self._make_lead("B")),
            (
                self._make_lead("A", email_from="a@example.com", phone="+33612345670"),
                self._make_lead("B", email_from="b@example.com", phone="+33612345670"),
            ),
        ]
        for first, second in strangers:
            with self.subTest(first=first, second=second):
                scenario = self._simple()
                self._enroll(scenario, first)
                self._enroll(scenario, second)

    def test_of_two_records_in_one_batch_the_first_enters(self):
        scenario = self._simple()
        leads = self._make_lead("one", partner_id=self.contact.id) + self._make_lead("two", partner_id=self.contact.id)
        self.assertEqual(scenario._rejections(leads), {leads[1].id: "already_inside"})
        enrollments, rejected = scenario._enroll(leads, "hand")
        self.assertEqual((enrollments.lead_id, rejected), (leads[0], {leads[1].id: "already_inside"}))
        self.assertEqual(scenario.refusal_ids.holder_id, enrollments)

    def test_reentry_and_exclusivity_see_the_run_of_the_other_record(self):
        lead = self._make_lead(partner_id=self.contact.id)
        once = self._simple()
        self._enroll(once, lead).action_take_out()
        self.assertEqual(once._enroll(self.contact, "hand")[1], {self.contact.id: "reentry_never"})
        again = self._simple(reentry="finished")
        self._enroll(again, lead).action_take_out()
        self.assertEqual(self._enroll(again, self.contact).run_number, 2)
        alone = self._simple(allow_other_scenarios=False)
        self.assertEqual(alone._enroll(lead, "hand")[1], {lead.id: "other_scenario"})
        self.assertEqual(alone.refusal_ids.holder_id, again.enrollment_ids.filtered("partner_id"))

    def test_a_lead_that_gets_the_contact_inside_leaves(self):
        scenario = self._simple(reentry="finished")
        lead = self._make_lead("later", email_from="other@example.com")
        first, second = self._enroll(scenario, self.contact), self._enroll(scenario, lead)
        lead.partner_id = self.contact
        self.assertEqual((first.state, second.state, second.end_reason), ("running", "stopped", "same_person"))
        self.assertEqual(second.person_key, first.person_key)

    def test_an_address_that_changes_changes_the_person(self):
        scenario = self._simple(reentry="finished")
        other = self._make_contact("Other", "other@example.com")
        first, second = self._enroll(scenario, self.contact), self._enroll(scenario, other)
        self.contact.email = "new@example.com"
        self.assertEqual(first.person_key, "email:new@example.com")
        self.assertEqual((first + second).mapped("state"), ["running", "running"])
        other.email = "new@example.com"
        self.assertEqual((first.state, second.state, second.end_reason), ("running", "stopped", "same_person"))

    def test_the_run_of_a_lead_follows_its_contact(self):
        scenario = self._simple()
        number_only = self._make_lead("number", phone="+33612345671")
        lead = self._make_lead(partner_id=self.contact.id)
        runs = self._enroll(scenario, lead) + self._enroll(scenario, number_only)
        self.assertEqual(runs.mapped("person_key"), ["email:lea@example.com", "number:+33612345671"])
        self.contact.email = "new@example.com"
        known = self._make_contact("Known", "known@example.com", phone="+33612345671")
        self.assertEqual(runs.mapped("person_key"), ["email:new@example.com", "email:known@example.com"])
        lead.partner_id = known
        self.assertEqual(runs.mapped("state"), ["running", "stopped"])
        lead.email_from = "lead@example.com"
        self.assertEqual(runs[0].person_key, "email:lead@example.com", "Odoo writes it on the contact")

    def test_a_deleted_record_leaves_no_address_behind(self):
        scenario = self._simple()
        lead = self._make_lead(partner_id=self.contact.id)
        other = self._make_contact("Other", "other@example.com")
        run, gone = self._enroll(scenario, lead), self._enroll(scenario, other)
        other.unlink()
        lead.email_from = self.contact.email = "lea@example.com"
        self.contact.unlink()
        self.assertEqual((run.state, run.person_key), ("running", "email:lea@example.com"))
        self.assertEqual((gone.state, gone.person_key), ("stopped", False))

    def test_merged_contacts_and_their_leads_are_one_person(self):
        scenario = self._simple(reentry="finished")
        other = self._make_contact("Double", "double@example.com")
        lead = self._make_lead(partner_id=other.id)
        first, second = self._enroll(scenario, self.contact), self._enroll(scenario, lead)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.contact + other).ids, self.contact)
        self.assertEqual(lead.partner_id, self.contact)
        self.assertEqual(first.person_key, second.person_key)
        self.assertEqual((first.state, second.state, second.end_reason), ("running", "stopped", "same_person"))

    def test_the_one_further_along_goes_on_where_the_scenario_wants_it(self):
        lead = self._make_lead("later", email_from="other@example.com")
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "one"), ("pause", {"pause_days": 9}, "two"), same_person="further"
        )
        first, second = self._enroll(scenario, self.contact), self._enroll(scenario, lead)
        self.run_due()
        second.move_to(self._step(scenario, "two"))
        lead.partner_id = self.contact
        self.assertEqual((first.state, second.state, first.end_reason), ("stopped", "running", "same_person"))

    def test_who_begins_further_along_takes_the_place(self):
        steps = (
            ("pause", {"pause_days": 30}, "one"),
            ("pause", {"pause_mode": "date", "pause_date": date(2026, 3, 10)}, "the day"),
            ("pause", {"pause_hours": 1}, "after"),
        )
        lead = self._make_lead(partner_id=self.contact.id)
        refusing, further = self._make_scenario(*steps), self._make_scenario(*steps, same_person="further")
        for scenario in (refusing, further):
            self._enroll(scenario, self.contact)
        self.run_due()
        self.forward(days=9)
        self.assertEqual(refusing._enroll(lead, "hand")[1], {lead.id: "already_inside"})
        run = self._enroll(further, lead)
        self.assertEqual((run.state, run.run_number, run.step_id.name), ("running", 2, "after"))
        behind = further.enrollment_ids - run
        self.assertEqual((behind.state, behind.end_reason), ("stopped", "same_person"))
        self.assertEqual(further._enroll(self.contact, "hand")[1], {self.contact.id: "already_inside"})

    def test_a_message_goes_once_to_an_address_of_a_person_with_two_records(self):
        for address, journey in (("second@example.com", "mail:skipped"), (False, "mail:next")):
            with self.subTest(journey=journey):
                scenario = self._make_scenario(
                    ("email", {"email_subject": "Hello", "email_body_html": "<p>Hello</p>"}, "mail"),
                    ("pause", {"pause_days": 9}, "long"),
                    on_refused="leave",
                )
                first = self._make_lead("first", email_from="first@example.com", phone="+33612345678")
                second = self._make_lead("second", email_from="second@example.com")
                behind, ahead = self._enroll(scenario, first), self._enroll(scenario, second)
                behind.action_pause()
                self.run_due()
                if address:
                    first.email_from = address
                else:  # one person by a contact, at two addresses
                    leads = first + second
                    contact = self._make_contact("Both")
                    self.env.cr.execute(
                        "UPDATE crm_lead SET partner_id = %s WHERE id = ANY(%s)", [contact.id, leads.ids]
                    )
                    leads.invalidate_recordset()
                    leads._renew_persons()
                self.assertEqual((behind.state, ahead.end_reason), ("paused", "same_person"))
                behind.action_resume()
                self.run_due()
                self.assertEqual(behind.step_id.name, "long")
                self.assertJourney(behind, "Start:paused", "Start:resumed", journey)

    def test_a_message_that_did_not_leave_was_not_received(self):
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hello", "email_body_html": "<p>Hello</p>"}, "mail"),
            ("pause", {"pause_days": 9}, "long"),
        )
        first = self._make_lead("first", email_from="first@example.com", phone="+33612345678")
        second = self._make_lead("second", email_from="second@example.com")
        behind, ahead = self._enroll(scenario, first), self._enroll(scenario, second)
        behind.action_pause()
        self.run_due()
        ahead.trace_ids.mailing_trace_id.set_canceled()
        first.email_from = "second@example.com"
        behind.action_resume()
        self.run_due()
        self.assertJourney(behind, "Start:paused", "Start:resumed", "mail:next")

    def test_the_frequency_cap_counts_all_addresses_of_the_person(self):
        self.env.company.write({"marketing_cap_count": 1, "marketing_cap_days": 7, "marketing_cap_action": "skip"})
        mail = ("email", {"email_subject": "Hello", "email_body_html": "<p>Hello</p>"}, "mail")
        lead = self._make_lead(partner_id=self.contact.id)
        self.env["crm.lead"].flush_model()
        self.env.cr.execute(
            "UPDATE crm_lead SET email_from = 'p@example.com', email_normalized = 'p@example.com' WHERE id = %s",
            [lead.id],
        )
        lead.invalidate_recordset()
        self._enroll(self._make_scenario(mail), lead)
        self.run_due()
        run = self._enroll(self._make_scenario(mail), self.contact)
        self.run_due()
        self.assertJourney(run, "mail:skipped", "End:end")

    def test_a_lost_lead_may_enter_and_leaves_by_a_later_loss(self):
        scenario = self._simple()
        lead, archived = self._make_lead(), self._make_lead("archived", probability=20)
        lead.action_set_lost()
        archived.active = False
        run, rejected = scenario._enroll(lead + archived, "automatism")
        self.assertEqual((run.lead_id, rejected), (lead, {archived.id: "target_archived"}))
        self.run_due()
        self.assertEqual(run.state, "running")
        lead.action_unarchive()
        self.assertEqual(run.state, "running")
        lead.action_set_lost()
        self.assertEqual((run.state, run.end_reason), ("stopped", "lead_lost"))

    def test_a_contact_turned_into_an_account_leaves_a_scenario_of_contacts(self):
        contacts, both = self._simple(target_kinds="contact"), self._simple(target_kinds="contact_account")
        runs = self._enroll(contacts, self.contact) + self._enroll(both, self.contact)
        self.contact.is_company = True
        self.assertEqual(runs.mapped("state"), ["stopped", "running"])
        self.assertEqual((runs[0].end_reason, runs[1].target_kind), ("kind_not_allowed", "account"))
        self.assertEqual(runs[1].person_key, f"account:{self.contact.id}")
        self.contact.company_type = "person"
        self.assertEqual((runs[1].state, runs[1].target_kind), ("running", "contact"))
        self.assertEqual(runs[1].person_key, "email:lea@example.com")

    def test_whose_a_run_is_is_put_right_every_night(self):
        """Two transactions at one moment may leave a run with what its person was called before."""
        scenario = self._simple(same_person="refuse")
        first = self._enroll(scenario, self._make_lead("by address", email_from="paul@example.com"))
        second = self._enroll(scenario, self.contact)
        self.env.flush_all()
        self.cr.execute("UPDATE crm_lead SET email_normalized = 'lea@example.com' WHERE id = %s", [first.lead_id.id])
        self.env.invalidate_all()
        self.env["marketing.scenario.enrollment"]._gc_persons()
        states = {(run.person_key, run.state, run.end_reason) for run in first + second}
        key = "email:lea@example.com"
        self.assertEqual(states, {(key, "running", False), (key, "stopped", "same_person")})

    def test_a_night_too_short_for_all_runs_is_gone_on_with(self):
        """Millions of runs are looked through slice by slice: each is a transaction that Odoo's limits allow."""
        people = self.env["res.partner"].create([{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(5)])
        runs = self._enroll(self._simple(), people)
        self.env.flush_all()
        self.cr.execute("UPDATE marketing_scenario_enrollment SET person_key = 'wrong:' || id")
        self.env.invalidate_all()
        self.startPatcher(patch.object(continuity, "SLICE", 2))
        before = self.env["marketing.scenario.enrollment"].search_count([("id", "<", min(runs.ids))])
        right = []
        for _slice in range((before + len(runs)) // 2 + 1):
            _looked, more = self.env["marketing.scenario.enrollment"]._gc_persons()
            right.append(sum(not run.person_key.startswith("wrong:") for run in runs))
        self.assertFalse(more)
        self.assertEqual(right[-1], 5)
        self.assertEqual(right, sorted(right))
        self.assertLessEqual(max(b - a for a, b in zip([0, *right], right, strict=False)), 2)
        self.cr.execute("UPDATE marketing_scenario_enrollment SET person_key = 'wrong:' || id")
        self.env.invalidate_all()
        self.startPatcher(patch.object(continuity, "SLICE", 1000))
        self.env["marketing.scenario.enrollment"]._gc_persons()
        self.assertFalse([run for run in runs if run.person_key.startswith("wrong:")], "the next night begins anew")

    def test_whose_a_run_is_that_is_over_or_held_out_is_put_right_too(self):
        """The next entry asks whether they were here, and whether they are in the control group."""
        scenario = self._simple(reentry="never", control_percent=50)
        people = self.env["res.partner"].create([{"name": f"P{i}", "email": f"p{i}@example.com"} for i in range(40)])
        runs = self._enroll(scenario, people)
        runs.action_take_out()
        self.assertEqual(set(runs.mapped("state")), {"stopped", "control"})
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET email_normalized = 'x' || email_normalized WHERE id = ANY(%s)", [people.ids]
        )
        self.env.invalidate_all()
        self.forward(days=1)
        self.env["marketing.scenario.enrollment"]._gc_persons()
        reasons = {"stopped": "reentry_never", "control": "control_group"}
        expected = {run.partner_id.id: reasons[run.state] for run in runs}
        self.assertEqual(scenario._enroll(people, "hand")[1], expected)
