from .common import ScenarioCase


class AutomatismCase(ScenarioCase):
    """Automatisms of the shortest kind, their processing, and counting of statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario = cls._make_scenario(("pause", {"pause_days": 1}, "wait"), name="Follow-up")
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.lead_tag = cls.env["crm.tag"].create({"name": "Hot"})
        cls.stages = cls.env["crm.stage"].create([{"name": "One", "sequence": 1}, {"name": "Two", "sequence": 2}])
        cls.won_stage = cls.env["crm.stage"].create({"name": "Yes", "is_won": True, "sequence": 70})

    @classmethod
    def _make_automatism(cls, event_type, *actions, **vals):
        """``actions``: dicts of values; none means: send into the scenario."""
        actions = actions or ({"kind": "enroll", "scenario_id": cls.scenario.id},)
        return cls.env["marketing.automatism"].create(
            {
                "name": f"On {event_type}",
                "event_type": event_type,
                "company_id": False,
                "action_ids": [(0, 0, action) for action in actions],
                **vals,
            }
        )

    def process(self):
        return self.env["marketing.automatism.event"]._process()

    def inside(self, record, scenario=None):
        """Whether the record lives in the scenario."""
        field = "lead_id" if record._name == "crm.lead" else "partner_id"
        return bool(
            self.env["marketing.scenario.enrollment"].search_count(
                [
                    (field, "=", record.id),
                    ("scenario_id", "=", (scenario or self.scenario).id),
                    ("state", "in", ("running", "paused", "error")),
                ]
            )
        )

    def events(self, **values):
        return self.env["marketing.automatism.event"].search([(key, "=", value) for key, value in values.items()])

    def statements(self, function):
        """Number of SQL statements ``function`` and its flush cost."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
