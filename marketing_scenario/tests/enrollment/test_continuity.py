from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestContinuity(AutomatismCase):
    """Runs follow what becomes of their target (S3)."""

    def end(self, enrollment):
        enrollment.invalidate_recordset()
        return enrollment.state, enrollment.end_reason

    def test_conversion_keeps_the_place(self):
        lead = self._make_lead(contact_name="Paul", email_from="paul@example.com")
        enrollment = self._enroll(self.scenario, lead)
        self.run_due()
        lead.convert_opportunity(self.contact)
        self.assertEqual((lead.type, lead.partner_id), ("opportunity", self.contact))
        self.assertEqual(self.end(enrollment), ("running", False))
        self.forward(days=1)
        self.assertEqual(enrollment.state, "done")

    def test_closed_leads_leave_at_once(self):
        won, lost, archived, stays = (self._make_lead(str(number), probability=30) for number in range(4))
        runs = [self._enroll(self.scenario, lead) for lead in (won, lost, archived, stays)]
        won.action_set_won()
        lost.action_set_lost()
        archived.active = False
        reasons = [self.end(run)[1] for run in runs]
        self.assertEqual(reasons, ["lead_won", "lead_lost", "target_archived", False])
        self.assertEqual(runs[0].trace_ids[0].reason, "lead_won")

    def test_closed_leads_stay_where_the_scenario_says_so(self):
        self.scenario.leave_on_lead_closed = False
        won, archived = self._make_lead("A"), self._make_lead("B", probability=30)
        runs = [self._enroll(self.scenario, lead) for lead in (won, archived)]
        won.action_set_won()
        archived.active = False
        self.assertEqual([self.end(run)[0] for run in runs], ["running", "running"])

    def test_archived_contact_leaves(self):
        run = self._enroll(self.scenario, self.contact)
        self.contact.active = False
        self.assertEqual(self.end(run), ("stopped", "target_archived"))

    def test_in_bulk(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"L{number}", "type": "lead", "probability": 30} for number in range(50)]
        )
        self._enroll(self.scenario, leads)
        leads.write({"active": False})
        self.assertEqual(set(leads.marketing_enrollment_ids.mapped("end_reason")), {"target_archived"})

    def test_merged_leads_leave_one_run_the_one_further_along(self):
        behind = self._make_lead("Behind", email_from="x@example.com", type="opportunity")
        ahead = self._make_lead("Ahead", email_from="y@example.com")
        ahead_run = self._enroll(self.scenario, ahead)
        self.run_due()
        behind_run = self._enroll(self.scenario, behind)
        self.assertEqual((behind_run.step_id, ahead_run.step_id.name), (self.scenario.start_step_id, "wait"))
        survivor = (behind + ahead).merge_opportunity()
        self.assertEqual(survivor, behind)
        self.assertFalse(ahead.exists())
        self.assertEqual(self.end(ahead_run), ("running", False))
        self.assertEqual(self.end(behind_run), ("stopped", "target_merged"))
        self.assertEqual((ahead_run + behind_run).lead_id, survivor)
        self.assertEqual(sorted((ahead_run + behind_run).mapped("run_number")), [1, 2])
        self.forward(days=1)
        self.assertEqual(self.end(ahead_run)[0], "done")

    def test_merged_leads_keep_score_refusals_and_history(self):
        keep = self._make_lead("Keep", type="opportunity")
        gone = self._make_lead("Gone", marketing_refuse_email=True)
        self._enroll(self.scenario, gone)._stop("by_hand")
        keep._add_score(5, "test")
        gone._add_score(7, "test")
        survivor = (keep + gone).merge_opportunity()
        self.assertEqual(survivor.marketing_score, 12)
        self.assertEqual(sum(survivor.marketing_score_line_ids.mapped("points")), 12)
        self.assertTrue(survivor.marketing_refuse_email)
        _enrollments, refused = self.scenario._enroll(survivor, "hand")
        self.assertEqual(refused, {survivor.id: "reentry_never"})

    def test_merged_contacts(self):
        second = self._make_scenario(("pause", {"pause_days": 2}, "wait"), name="Second")
        twin = self._make_contact("Léa Martin", "lea@work.example.com")
        stays = self._enroll(self.scenario, self.contact)
        self.run_due()
        doubled = self._enroll(self.scenario, twin)
        inherited = self._enroll(second, twin)
        twin._add_score(3, "test")
        self.contact._add_score(4, "test")
        self._make_automatism("tag_added")
        twin.category_id = self.tag
        self.env["base.partner.merge.automatic.wizard"]._merge((self.contact + twin).ids, self.contact)
        self.assertFalse(twin.exists())
        self.assertEqual(self.end(stays), ("running", False))
        self.assertEqual(self.end(doubled), ("stopped", "target_merged"))
        self.assertEqual(self.end(inherited), ("running", False))
        self.assertEqual((stays + doubled + inherited).partner_id, self.contact)
        self.assertEqual(self.contact.marketing_score, 7)
        self.assertEqual(self.events().mapped("res_id"), self.contact.ids)

    def test_merged_contacts_three_at_once(self):
        twins = self.env["res.partner"].create([{"name": "T", "email": f"t{n}@example.com"} for n in range(3)])
        runs = self._enroll(self.scenario, twins)
        self.env["base.partner.merge.automatic.wizard"]._merge(twins.ids, twins[1])
        runs.invalidate_recordset()
        self.assertEqual(sorted(runs.mapped("state")), ["running", "stopped", "stopped"])
        self.assertEqual(sorted(runs.mapped("run_number")), [1, 2, 3])
        self.assertEqual(runs.partner_id, twins[1])

    def test_company_change(self):
        other = self.env["res.company"].create({"name": "Other"})
        open_scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Open", company_id=False)
        bound = self._enroll(self.scenario, self.contact)
        free = self._enroll(open_scenario, self.contact)
        self.contact.company_id = other
        self.assertEqual(self.end(bound), ("stopped", "company_mismatch"))
        self.assertEqual((self.end(free)[0], free.company_id), ("running", other))

    def test_company_of_a_lead_follows_its_team(self):
        other = self.env["res.company"].create({"name": "Other"})
        lead = self._make_lead(company_id=self.env.company.id, user_id=False, team_id=False)
        run = self._enroll(self.scenario, lead)
        lead.write({"company_id": other.id})
        self.assertEqual(self.end(run), ("stopped", "company_mismatch"))

    def test_salesperson_closes_a_lead_whose_run_they_do_not_own(self):
        user = self.env["res.users"].create(
            {
                "name": "Sales",
                "login": "sales_cont",
                "group_ids": [(6, 0, self.env.ref("sales_team.group_sale_salesman").ids)],
            }
        )
        lead = self._make_lead(user_id=user.id)
        run = self._enroll(self.scenario, lead)
        lead.with_user(user).action_set_lost()
        self.assertEqual(self.end(run), ("stopped", "lead_lost"))
