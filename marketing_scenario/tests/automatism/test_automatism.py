from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestAutomatism(AutomatismCase):
    """When, filter, then: matching, firing, the sentence, the test button."""

    def test_reads_like_a_sentence(self):
        point = self.env["marketing.engagement.point"].create({"name": "Brochure"})
        automatism = self._make_automatism(
            "form_filled",
            {"kind": "enroll", "scenario_id": self.scenario.id},
            {"kind": "tag_add", "tag_id": self.tag.id},
            form_point_id=point.id,
            domain_partner=f"[('country_id', '=', {self.env.ref('base.fr').id})]",
        )
        self.assertEqual(
            automatism.sentence,
            "When the form “Brochure” is filled, and Country is France, "
            "then send into “Follow-up” and add the tag “VIP”.",
        )

    def test_filters_in_words(self):
        automatism = self._make_automatism(
            "tag_added", domain_partner="['|', ('email', '=', False), ('name', 'ilike', 'x')]"
        )
        self.assertIn("Email is empty or Name contains x", automatism.sentence)
        automatism.domain_partner = "['!', ('is_company', '=', True), ('lang', 'in', ['en_US'])]"
        self.assertIn("not (Is a Company) and Language is English (US)", automatism.sentence)

    def test_form_door_and_origin(self):
        point = self.env["marketing.engagement.point"].create({"name": "Brochure"})
        other = self.env["marketing.engagement.point"].create({"name": "Other"})
        self._make_automatism("form_filled", form_point_id=point.id)
        note = self.env["marketing.automatism.event"]._note
        note("form_filled", self.contact, {"point_id": other.id})
        self.process()
        self.assertFalse(self.inside(self.contact))
        note("form_filled", self.contact, {"point_id": point.id})
        self.assertEqual(self.process(), 1)
        enrollment = self.contact.marketing_enrollment_ids
        self.assertEqual(enrollment.door, "form")
        self.assertIn("On form_filled", enrollment.trace_ids[-1].message)
        self.assertFalse(self.events())

    def test_filter_and_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        automatism = self._make_automatism(
            "tag_added", domain_partner="[('name', 'ilike', 'martin')]", company_id=self.env.company.id
        )
        stranger = self._make_contact("Paul Dupont")
        foreign = self._make_contact("Luc Martin", company_id=other.id)
        (self.contact + stranger + foreign).write({"category_id": [(4, self.tag.id)]})
        self.process()
        self.assertEqual([self.inside(r) for r in (self.contact, stranger, foreign)], [True, False, False])
        self.assertEqual(automatism.fired_count, 1)

    def test_each_event_fires_once_also_for_one_record(self):
        self._make_automatism("mail_opened", {"kind": "score", "score_points": 5})
        for _number in range(3):
            self.env["marketing.automatism.event"]._note("mail_opened", self.contact)
        self.process()
        self.assertEqual(self.contact.marketing_score, 15)

    def test_switched_off_does_not_fire(self):
        automatism = self._make_automatism("tag_added")
        automatism.active = False
        self.contact.category_id = self.tag
        self.assertFalse(self.events())
        automatism.active = True
        self.process()
        self.assertFalse(self.inside(self.contact))

    def test_inactive_scenario_lists_the_refusal(self):
        self.scenario.action_deactivate()
        self._make_automatism("tag_added")
        self.contact.category_id = self.tag
        self.process()
        refusal = self.scenario.refusal_ids
        self.assertEqual(
            (refusal.partner_id, refusal.reason, refusal.door), (self.contact, "scenario_inactive", "automatism")
        )

    def test_broken_settings_are_refused(self):
        with self.assertRaises(ValidationError):
            self._make_automatism("tag_added", domain_partner="[('no_such_field', '=', 1)]")
        with self.assertRaises(ValidationError):
            self._make_automatism("tag_added", {"kind": "enroll"})

    def test_filter_with_dates(self):
        automatism = self._make_automatism(
            "tag_added", domain_partner="[('create_date', '<', context_today() + relativedelta(years=2))]"
        )
        self.contact.category_id = self.tag
        self.process()
        self.assertEqual(automatism.fired_count, 1)

    def test_deleted_record_is_passed_over(self):
        self._make_automatism("tag_added")
        gone = self._make_contact("Gone", category_id=self.tag.ids)
        gone.unlink()
        self.assertEqual(self.process(), 0)
        self.assertFalse(self.events())

    def test_button_shows_who_would_have_fired(self):
        automatism = self._make_automatism(
            "lead_stage", lead_stage_to_id=self.stages[0].id, domain_lead="[('priority', '=', '1')]"
        )
        lead = self._make_lead("A", stage_id=self.stages[0].id, priority="1")
        low = self._make_lead("B", stage_id=self.stages[0].id)
        elsewhere = self._make_lead("C", stage_id=self.stages[1].id)
        test = self.env["marketing.automatism.test"].browse(automatism.action_test()["res_id"])
        self.assertEqual(test.line_ids.filtered("fired").mapped("record"), [lead])
        self.assertIn("filter", test.line_ids.filtered(lambda line: line.record == low).why)
        self.assertNotIn(elsewhere, test.line_ids.mapped("record"), "to which it did not happen")
        self.assertFalse(self.inside(lead))

    def test_button_says_that_it_never_happened(self):
        tag = self.env["res.partner.category"].create({"name": "On nobody"})
        automatism = self._make_automatism("tag_added", tag_id=tag.id)
        test = self.env["marketing.automatism.test"].browse(automatism.action_test()["res_id"])
        self.assertFalse(test.line_ids)
        self.assertIn("not happened", test.result)
