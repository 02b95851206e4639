"""Which messages opportunities came through: first, last, shared (S57)."""

from datetime import timedelta

from odoo.tests import tagged

from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}


@tagged("post_install", "-at_install")
class TestAttribution(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("email", MAIL, "one"),
            ("pause", {"pause_days": 10}, "wait"),
            ("email", MAIL, "two"),
            ("pause", {"pause_days": 10}, "wait on"),
            ("email", MAIL, "three"),
        )
        self.run_ = self._walk(self.scenario, self.contact)
        self.forward(days=11)
        self.forward(days=11)
        self.start = self.run_.entered_at
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", self.run_.id)], order="id")
        for trace, day in zip(traces, (0, 11, 22), strict=True):
            trace.write({"trace_status": "sent", "sent_datetime": self.start + timedelta(days=day)})

    def _deal(self, created, won=None, **vals):
        deal = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": self.contact.id, "expected_revenue": 900, **vals}
        )
        if won:
            deal.action_set_won()
        deal.date_conversion = self.start + timedelta(days=created)
        deal.date_closed = won and self.start + timedelta(days=won)
        self.env.flush_all()
        return deal

    def _shares(self, *measures):
        rows = self.env["marketing.report.touch"]._read_group(
            [("scenario_id", "=", self.scenario.id)], ["step_id"], [f"{measure}:sum" for measure in measures]
        )
        return {step.name: [round(value, 2) for value in values] for step, *values in rows}

    def test_created_and_won_have_their_own_messages(self):
        self._deal(created=12, won=30)
        self.assertEqual(
            self._shares("created", "won", "revenue", "revenue_first", "revenue_even"),
            {"one": [0, 0, 0, 900, 300], "two": [1, 0, 0, 0, 300], "three": [0, 1, 900, 0, 300]},
        )

    def test_the_scenario_says_how_its_part_is_told(self):
        self._deal(created=12, won=30)
        self.scenario.attribution = "even"
        self.env.flush_all()
        shares = self._shares("created", "won", "revenue")
        self.assertEqual(shares, {"one": [0.5, 0.33, 300], "two": [0.5, 0.33, 300], "three": [0, 0.33, 300]})
        self.scenario.attribution = "first"
        self.env.flush_all()
        self.assertEqual(self._shares("created", "revenue")["one"], [1, 900])

    def test_messages_to_another_lead_of_the_person_count(self):
        """Those to a lead of a colleague at the same account do not."""
        self.run_.write({"lead_id": self._make_lead("First talk", partner_id=self.contact.id).id, "partner_id": False})
        self._deal(created=12, won=30)
        self.assertEqual(self._shares("revenue_even"), {"one": [300], "two": [300], "three": [300]})
        self.contact.is_company = True
        self.env.flush_all()
        self.assertFalse(self._shares("revenue_even"))

    def test_shared_money_is_whole_cents_and_makes_up_the_whole(self):
        for revenue in (100, 0.01, 0.05, 1999.99):
            deal = self._deal(created=12, won=30, expected_revenue=revenue)
            rows = self.env["marketing.report.touch"].search([("opportunity_id", "=", deal.id), ("fact", "=", "won")])
            shares = [round(100 * share) for share in rows.mapped("revenue_even")]
            self.assertEqual(len(shares), 3)
            for share, exact in zip(rows.mapped("revenue_even"), shares, strict=True):
                self.assertAlmostEqual(100 * share, exact, 6)
            self.assertEqual(sum(shares), round(100 * revenue))
            self.assertLessEqual(max(shares) - min(shares), 1)

    def test_what_was_long_ago_or_came_later_does_not_count(self):
        self._deal(created=-1)
        self._deal(created=200)
        self.assertFalse(self._shares("created"))
        self._deal(created=95)
        self.assertEqual(self._shares("created"), {"two": [0], "three": [1]})

    def test_a_period_asks_for_whole_opportunities(self):
        self._deal(created=12, won=30)
        since = self.start + timedelta(days=29)
        rows = self.env["marketing.report.touch"]._read_group([("at", ">=", since)], ["fact"], ["won:sum", "__count"])
        self.assertEqual(rows, [("won", 1.0, 3)])

    def test_the_opportunity_says_what_it_came_through(self):
        deal = self._deal(created=12)
        self.assertIn("scenario “Scenario”, “two” of", deal.marketing_came_through)
        self.assertFalse(self._deal(created=-2).marketing_came_through)
        self.assertFalse(self.env["crm.lead"].new({"type": "opportunity"}).marketing_came_through)

    def test_rows_are_those_of_opportunities_one_sees(self):
        mine, theirs = self._deal(created=12, user_id=self.seller.id), self._deal(created=13, user_id=self.env.user.id)
        touches = self.env["marketing.report.touch"].with_user(self.seller)
        rows = touches.search([("scenario_id", "=", self.scenario.id)])
        self.assertEqual(rows.opportunity_id, mine)
        self.assertEqual(len(set(rows.ids)), len(rows))
        self.assertEqual(rows.sorted("sent_at").mapped("step_id.name"), ["one", "two"])
        found = touches._read_group([("scenario_id", "=", self.scenario.id)], [], ["created:sum"])
        self.assertEqual(found, [(2.0,)])
        self.assertNotIn(theirs, rows.opportunity_id)
