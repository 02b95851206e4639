from odoo.tests import tagged

from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestAutomatismCost(AutomatismCase):
    """What the hooks cost the CRM user: nothing while nobody listens, one statement per batch while somebody does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.action_deactivate()

    def cost(self, function):
        """Statements of ``function``, run with warm caches: the second of two runs on fresh records."""
        self.env["marketing.automatism.event"]._listeners()
        function("warm")
        self.env.flush_all()
        return self.statements(lambda: function("real"))

    def assertCosts(self, function, *automatisms, batches=1):
        """+0 while nothing of this listens, +1 for each create and write with all ``automatisms`` listening."""
        without = self.cost(function)
        for kind, vals in automatisms:
            self._make_automatism(kind, {"kind": "score", "score_points": 1}, **vals)
        with_them = self.cost(function)
        self.assertEqual(with_them - without, batches)
        self.assertTrue(self.events())

    def assertFree(self, function):
        """The same number of statements with and without our hooks (their two entries patched away)."""
        ours = self.cost(function)
        for model in ("crm.lead", "res.partner"):
            self.patch(type(self.env[model]), "_marketing_before", lambda records, vals: {})
            self.patch(type(self.env[model]), "_marketing_created", lambda records: None)
        event = type(self.env["marketing.automatism.event"])
        self.patch(event, "_note_all", lambda events, notes: None)
        self.assertEqual(ours, self.cost(function))
        self.assertFalse(self.events())

    def create_leads(self, name):
        self.env["crm.lead"].create(
            [{"name": f"{name} {number}", "type": "lead", "tag_ids": self.lead_tag.ids} for number in range(20)]
        )

    def create_partners(self, name):
        self.env["res.partner"].create(
            [{"name": f"{name} {number}", "category_id": self.tag.ids} for number in range(20)]
        )

    def move_leads(self, name):
        leads = self.env["crm.lead"].create([{"name": name, "type": "lead", "stage_id": self.stages[0].id}] * 20)
        self.env.flush_all()
        self.env.invalidate_all()
        leads.write({"stage_id": self.stages[1].id, "user_id": self.env.user.id})

    def tag_leads(self, name):
        leads = self.env["crm.lead"].create([{"name": name, "type": "lead"}] * 20)
        self.env.flush_all()
        self.env.invalidate_all()
        leads.write({"tag_ids": [(4, self.lead_tag.id)]})

    def tag_partners(self, name):
        partners = self.env["res.partner"].create([{"name": name}] * 20)
        self.env.flush_all()
        self.env.invalidate_all()
        partners.write({"category_id": [(4, self.tag.id)], "phone": "1"})

    def schedule(self, name):
        lead = self.env["crm.lead"].create({"name": name, "type": "lead"})
        lead.activity_schedule("mail.mail_activity_data_call", user_id=self.env.user.id)

    def score(self, name):
        self.env["crm.lead"].create([{"name": name, "type": "lead"}] * 20)._add_score(5, "test")

    def test_nobody_listens(self):
        for function in (
            self.create_leads,
            self.create_partners,
            self.move_leads,
            self.tag_leads,
            self.tag_partners,
            self.schedule,
        ):
            with self.subTest(function=function.__name__):
                self.assertFree(function)

    def test_leads_created(self):
        self.assertCosts(
            self.create_leads, ("lead_created", {}), ("lead_stage", {}), ("lead_tag_added", {}), ("lead_assigned", {})
        )

    def test_partners_created(self):
        self.assertCosts(self.create_partners, ("tag_added", {}))

    def test_leads_moved(self):
        kinds = ("lead_stage", "lead_assigned", "lead_won")  # made in a stage, then moved: two batches
        self.assertCosts(self.move_leads, *((kind, {}) for kind in kinds), batches=2)

    def test_leads_tagged(self):
        self.assertCosts(self.tag_leads, ("lead_tag_added", {}))

    def test_partners_tagged(self):
        self.assertCosts(self.tag_partners, ("tag_added", {}))

    def test_activities(self):
        self.assertCosts(self.schedule, ("activity_created", {}))

    def test_score(self):
        self.assertCosts(self.score, ("score_reached", {}))

    def test_closing_a_lead_while_scenarios_are_used(self):
        def close(name):
            leads = self.env["crm.lead"].create([{"name": name, "type": "lead", "probability": 30}] * 20)
            self.env.flush_all()
            self.env.invalidate_all()
            leads.write({"active": False})

        used = self.cost(close)
        self.patch(type(self.env["marketing.scenario"]), "_ever_activated", lambda scenarios: False)
        self.assertEqual(used - self.cost(close), 1)
