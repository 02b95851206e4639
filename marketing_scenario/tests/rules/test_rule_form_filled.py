"""Rule *form filled / not filled* (S24, R52)."""

from datetime import timedelta

from odoo.tests import tagged

from ..common import ScenarioCase


@tagged("-at_install", "post_install")
class TestRuleFormFilled(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.point, cls.other = cls.env["marketing.engagement.point"].create([{"name": "Brochure"}, {"name": "Other"}])
        cls.lead = cls._make_lead(partner_id=cls.contact.id)
        cls.scenario = cls._make_scenario(
            ("pause", {"pause_days": 1}),
            ("if", {"rule_ids": [(0, 0, {"kind": "form_filled", "form_point_id": cls.point.id})]}, "Filled?"),
        )
        cls.rule = cls.scenario.step_ids.rule_ids

    def filled(self, point=None, at=None, **values):
        return self.env["marketing.engagement.submission"].create(
            {"point_id": (point or self.point).id, "at": at or self.now, **values}
        )

    def enrollment(self, record):
        return self.scenario._enroll(record, "hand")[0]

    def test_contact_by_itself_and_by_its_lead(self):
        enrollment = self.enrollment(self.contact)
        self.assertFalse(self.rule._match(enrollment))
        self.filled(self.other, partner_id=self.contact.id)
        self.filled(partner_id=self.contact.id, state="spam")
        self.filled(partner_id=self.contact.id, state="refused")
        self.assertFalse(self.rule._match(enrollment))
        submission = self.filled(lead_id=self.lead.id)
        self.assertEqual(self.rule._match(enrollment), enrollment)
        submission.write({"lead_id": False, "partner_id": self.contact.id, "state": "to_confirm"})
        self.assertEqual(self.rule._match(enrollment), enrollment)

    def test_lead_by_itself_and_by_its_contact(self):
        enrollment = self.enrollment(self.lead)
        submission = self.filled(partner_id=self.contact.id)
        self.assertEqual(self.rule._match(enrollment), enrollment)
        submission.write({"partner_id": False, "lead_id": self.lead.id})
        self.assertEqual(self.rule._match(enrollment), enrollment)

    def test_account_by_its_people(self):
        account = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        enrollment = self.enrollment(account)
        person = self._make_contact("Bob", "bob@example.com", parent_id=account.id)
        self.assertFalse(self.rule._match(enrollment))
        self.filled(partner_id=person.id)
        self.assertEqual(self.rule._match(enrollment), enrollment)

    def test_since_entry_or_ever(self):
        self.filled(partner_id=self.contact.id, at=self.now - timedelta(days=3))
        enrollment = self.enrollment(self.contact)
        self.assertFalse(self.rule._match(enrollment))
        self.rule.form_since = "ever"
        self.assertEqual(self.rule._match(enrollment), enrollment)
        self.rule.negate = True
        self.assertFalse(self.rule._match(enrollment))

    def test_as_many_queries_for_one_as_for_two_hundred(self):
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(200)])
        enrollments = self.enrollment(people)
        self.env["marketing.engagement.submission"].create(
            [{"point_id": self.point.id, "at": self.now, "partner_id": person.id} for person in people[::2]]
        )
        self.env.flush_all()
        counts = []
        for some in (enrollments[:1], enrollments):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(self.rule._match(some)), (len(some) + 1) // 2)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_check_and_summary(self):
        self.assertIn("Brochure", self.rule.summary)
        self.assertFalse(self.rule._validate())
        self.point.active = False
        self.assertIn("archived", self.rule._validate()[0])
        self.rule.form_point_id = False
        self.assertIn("no form", self.rule._validate()[0])

    def test_journey(self):
        enrollment = self.enrollment(self.contact)
        self.forward(hours=1)
        self.filled(partner_id=self.contact.id)
        self.forward(days=1)
        self.assertEqual(enrollment.trace_ids.filtered(lambda trace: trace.step_id == self.rule.step_id).outcome, "yes")
